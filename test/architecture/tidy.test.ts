/**
 * What a linter cannot say about the source: headers, sizes, words that have no place, purity of
 * the pure floors. Every finding of a kind is collected first, so that one run shows them all.
 */
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { filesMatching, textOf } from './source-files.js'

const FILE_LINES_MAX = 300
const TEST_FILE_LINES_MAX = 500
/** A front door lists names one by one, and has as many as its package. */
const FRONT_DOOR_LINES_MAX = 500
const FUNCTION_LINES_MAX = 50
const LINE_COLUMNS_MAX = 100

/** From this length on a text may make its line too long. */
const TEXT_COLUMNS_MIN = 30

const CODE = filesMatching(
  /^(packages\/[^/]+\/src|services\/[^/]+\/src|test|bench|scripts)\/.*\.(ts|mjs|cjs|js)$/,
).filter((path) => !path.includes('/public/'))
const DOCUMENTS = filesMatching(/\.md$/)
const PURE = CODE.filter(
  (path) => /^packages\/(policy|domain|views)\/src\//.test(path) && !/\.test\.ts$/.test(path),
)

const isTest = (path: string): boolean => path.startsWith('test/') || path.endsWith('.test.ts')

const linesOf = (path: string): ReadonlyArray<string> => textOf(path).replace(/\n$/, '').split('\n')

type Find = (path: string) => ReadonlyArray<string>

/** Findings as `path:line: what`. */
const find = (paths: ReadonlyArray<string>, finding: Find): ReadonlyArray<string> =>
  paths.flatMap((path) => finding(path).map((what) => `${path}:${what}`))

const sourceOf = (text: string): ts.SourceFile =>
  ts.createSourceFile('text.ts', text, ts.ScriptTarget.Latest, true)

const trees = new Map<string, ts.SourceFile>()

/** Each file is parsed once for all questions. */
const parsed = (path: string): ts.SourceFile => {
  const known = trees.get(path)
  if (known !== undefined) return known
  const tree = sourceOf(textOf(path))
  trees.set(path, tree)
  return tree
}

const lineAt = (file: ts.SourceFile, position: number): number =>
  file.getLineAndCharacterOfPosition(position).line + 1

/** Lines that hold a long text, pattern or template, which stays findable by staying whole. */
const linesWithLongText = (file: ts.SourceFile): ReadonlySet<number> => {
  const lines = new Set<number>()
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteralLike(node) ||
      ts.isRegularExpressionLiteral(node) ||
      ts.isTemplateExpression(node)
    const start = node.getStart(file)
    if (isText && node.end - start >= TEXT_COLUMNS_MIN)
      for (let line = lineAt(file, start); line <= lineAt(file, node.end); line += 1)
        lines.add(line)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return lines
}

/** Every node of a file that the question says something about. */
const nodes = (
  file: ts.SourceFile,
  question: (node: ts.Node) => string | undefined,
): ReadonlyArray<string> => {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const answer = question(node)
    if (answer !== undefined) found.push(`${lineAt(file, node.getStart(file))}: ${answer}`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const bodyOf = (node: ts.Node): ts.Node | undefined =>
  ts.isFunctionLike(node) && 'body' in node ? (node.body as ts.Node | undefined) : undefined

const linesIn = (file: ts.SourceFile, node: ts.Node): number =>
  lineAt(file, node.end) - lineAt(file, node.getStart(file)) + 1

/** Lines of the outermost functions inside a node, each without its first, which holds its name. */
const linesOfInner = (file: ts.SourceFile, node: ts.Node): number => {
  let lines = 0
  const visit = (inner: ts.Node): void => {
    if (bodyOf(inner) === undefined) ts.forEachChild(inner, visit)
    else lines += linesIn(file, inner) - 1
  }
  ts.forEachChild(node, visit)
  return lines
}

/** A closure stands where others have a class: the functions it holds are measured one by one. */
const longFunction =
  (file: ts.SourceFile) =>
  (node: ts.Node): string | undefined => {
    const body = bodyOf(node)
    if (body === undefined) return undefined
    const lines = linesIn(file, node) - linesOfInner(file, body)
    return lines > FUNCTION_LINES_MAX ? `a function of ${lines} lines` : undefined
  }

const isAny = (node: ts.Node): boolean =>
  ts.isAsExpression(node) && node.type.kind === ts.SyntaxKind.AnyKeyword

const isExportStar = (node: ts.Node): boolean =>
  ts.isExportDeclaration(node) && node.exportClause === undefined

const isDefault = (node: ts.Node): boolean => ts.isDefaultClause(node)

const WORLD =
  /^(Date\.now|Math\.random|(process|performance|globalThis|console|crypto|Promise)\.\w+)$/

/**
 * What makes a floor impure: time, chance, the process, what fails by jumping, what comes later.
 */
const impurity = (node: ts.Node): string | undefined => {
  if (ts.isThrowStatement(node)) return 'throw'
  if (ts.isClassLike(node)) return 'class'
  if (ts.isAwaitExpression(node)) return 'await'
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (node.kind === ts.SyntaxKind.ImportKeyword && ts.isCallExpression(node.parent))
    return 'import()'
  if (ts.isNewExpression(node)) {
    const made = node.expression.getText()
    return made === 'Promise' || (made === 'Date' && !node.arguments?.length) ? made : undefined
  }
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText()
    return /^(set(Timeout|Interval|Immediate)|queueMicrotask|fetch)$/.test(called)
      ? called
      : undefined
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const text = node.getText().replace(/\s/g, '')
  return WORLD.test(text) ? text : undefined
}

describe('what is looked for', () => {
  it('given a text with every sin, then each is found', () => {
    const sins = [
      'Date.now()',
      'new Date()',
      'Math.random()',
      'process.env',
      'setTimeout(f)',
      'new Promise(f)',
      "import('x')",
      'const f = async () => await g()',
      'class A {}',
    ]
    const found = sins.map((sin) => nodes(sourceOf(`${sin}\n`), impurity).length)
    expect(found).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 1])
    expect(nodes(sourceOf('const f = () => { throw 1 }'), impurity)).toEqual(['1: throw'])
    expect(nodes(sourceOf('new Date(0)'), impurity)).toEqual([])
  })

  it('given a function of 51 lines of its own, then it is found, whatever it holds', () => {
    const lines = (count: number): string => 'g()\n'.repeat(count)
    const long = sourceOf(`const f = () => {\n${lines(FUNCTION_LINES_MAX - 1)}}`)
    const closure = sourceOf(`const f = () => {\n${lines(40)}const h = () => {\n${lines(40)}}\n}`)
    expect(nodes(long, longFunction(long))).toHaveLength(1)
    expect(nodes(closure, longFunction(closure))).toEqual([])
  })
})

const linesMaxOf = (path: string): number => {
  if (isTest(path)) return TEST_FILE_LINES_MAX
  return path.endsWith('/src/index.ts') ? FRONT_DOOR_LINES_MAX : FILE_LINES_MAX
}

describe('the source', () => {
  it('given a file, then it opens with a comment', () => {
    const without = CODE.filter((path) => !/^(#!.*\n)?\s*\/[*/]/.test(textOf(path)))
    expect(without).toEqual([])
  })

  it('given a file, then it is a chapter and not a book', () => {
    const long = find(CODE, (path) => {
      const lines = linesOf(path).length
      return lines > linesMaxOf(path) ? [`${lines} lines`] : []
    })
    expect(long).toEqual([])
  })

  it('given a line, then it fits the page', () => {
    const wide = find(CODE, (path) => {
      const lines = linesOf(path)
      if (lines.every((line) => line.length <= LINE_COLUMNS_MAX)) return []
      const unbreakable = linesWithLongText(parsed(path))
      return lines.flatMap((line, index) =>
        [...line].length > LINE_COLUMNS_MAX && !unbreakable.has(index + 1)
          ? [`${index + 1}: ${[...line].length} columns`]
          : [],
      )
    })
    expect(wide).toEqual([])
  })

  it('given a function, then it fits a screen', () => {
    const shipped = CODE.filter((path) => !isTest(path) && !path.includes('/testing/'))
    const long = find(shipped, (path) => {
      const file = parsed(path)
      return nodes(file, longFunction(file))
    })
    expect(long).toEqual([])
  })

  it('given a to-do, then it names its issue', () => {
    const bare = find(CODE, (path) =>
      linesOf(path).flatMap((line, index) =>
        /\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/.test(line) && !path.endsWith('tidy.test.ts')
          ? [`${index + 1}: ${line.trim()}`]
          : [],
      ),
    )
    expect(bare).toEqual([])
  })

  it('given a type, then nothing is cast to any, no folder is re-exported whole', () => {
    const loose = find(CODE, (path) =>
      nodes(parsed(path), (node) =>
        isAny(node) ? 'as any' : isExportStar(node) ? 'export *' : undefined,
      ),
    )
    expect(loose).toEqual([])
  })

  it('given a choice on a pure floor, then it has no default, so that the compiler counts', () => {
    const defaults = find(PURE, (path) =>
      nodes(parsed(path), (node) => (isDefault(node) ? 'default:' : undefined)),
    )
    expect(defaults).toEqual([])
  })

  it('given a pure floor, then it has no clock, no chance, no process and no jump', () => {
    const impure = find(
      PURE.filter((path) => !path.includes('/testing/')),
      (path) =>
        nodes(parsed(path), impurity).filter(
          (finding) => !(path.endsWith('/closed.ts') && /: (class|throw)$/.test(finding)),
        ),
    )
    expect(impure).toEqual([])
  })

  it('given a file name, then it says what is inside', () => {
    const vague = /(^|[/.-])(utils?|helpers?|common|managers?|base|misc|v[0-9]+)(?=[/.-])/
    // The read API's folder is named after the path it serves, and V1 is the name of a signature.
    const named = /^packages\/protocol\/src\/(v1\/|signature\/v1)/
    expect(CODE.filter((path) => vague.test(path) && !named.test(path))).toEqual([])
    expect(CODE.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([])
  })
})

/** Words of a workshop, not of the product. Split here, so that this file does not hold them. */
const WORKSHOP = ['/work' + '/', 'helper ' + 'session', 'sub' + 'agent', 'language ' + 'model']

describe('the words', () => {
  it('given source and documents, then they speak of the product alone', () => {
    const strange = find([...CODE, ...DOCUMENTS], (path) =>
      WORKSHOP.filter((word) => textOf(path).toLowerCase().includes(word)),
    )
    expect(strange).toEqual([])
  })

  it('given the code, then limits of this page are those of the contributing guide', () => {
    const guide = textOf('CONTRIBUTING.md')
    const limits = [FILE_LINES_MAX, TEST_FILE_LINES_MAX, FUNCTION_LINES_MAX, LINE_COLUMNS_MAX]
    expect(limits.filter((limit) => !guide.includes(String(limit)))).toEqual([])
  })
})
