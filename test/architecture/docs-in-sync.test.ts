/**
 * What the documents claim, checked: the generated reference, commands, links, paths, flags,
 * figures.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { SETTINGS } from '@grantlog/standalone'
import { describe, expect, it } from 'vitest'
import { filesMatching, productionFiles, ROOT, textOf } from './source-files.js'

const DOCUMENTS = filesMatching(/\.md$/)
const WRITTEN = DOCUMENTS.filter((path) => !path.startsWith('docs/reference/'))

/** What a question finds in each document, as `document: finding`. */
const findings = (
  documents: ReadonlyArray<string>,
  question: (path: string, text: string) => ReadonlyArray<string>,
): ReadonlyArray<string> =>
  documents.flatMap((path) => question(path, textOf(path)).map((what) => `${path}: ${what}`))

const matches = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** A heading as a link spells it. */
const anchorsOf = (text: string): ReadonlyArray<string> =>
  matches(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')

describe('the reference', () => {
  it('given the code, then docs/reference is what would be generated now', async () => {
    const script = join(ROOT, 'scripts/generate-reference.mjs')
    const check = promisify(execFile)(process.execPath, [script, '--check'], { timeout: 50_000 })
    const complaint = await check.then(
      () => '',
      (failure: { readonly stderr?: string }) => failure.stderr ?? String(failure),
    )
    expect(complaint).toBe('')
  })
})

describe('the documents', () => {
  it('given a command, then npm knows it', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const known = new Set([...Object.keys(scripts), 'ci', 'install'])
    const unknown = findings(WRITTEN, (_, text) =>
      matches(text, /\bnpm (?:run (?:-s )?)?([a-z][a-z:-]*)(?=[\s`]|$)/gm).filter(
        (name) => !known.has(name),
      ),
    )
    expect(unknown).toEqual([])
  })

  it('given a script that npm runs for people, then the README names it', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const readme = textOf('README.md') + textOf('CONTRIBUTING.md')
    const untold = Object.keys(scripts).filter(
      (name) => !['npm', 'npm run', 'npm run -s'].some((run) => readme.includes(`${run} ${name}`)),
    )
    expect(untold.filter((name) => name !== 'build')).toEqual([])
  })

  it('given a script, then the file it runs exists', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const files = Object.values(scripts).flatMap((line) => matches(line, /node (\S+\.mjs)/g))
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('given a link, then it leads to a file, and to a heading in it', () => {
    const broken = findings(DOCUMENTS, (path, text) =>
      matches(withoutCode(text), /\]\(([^)\s]+)\)/g)
        .filter((link) => !/^https?:/.test(link))
        .filter((link) => {
          const [file = '', anchor] = link.split('#')
          const target = file === '' ? path : join(dirname(path), file)
          if (!existsSync(join(ROOT, target))) return true
          return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor)
        }),
    )
    expect(broken).toEqual([])
  })

  it('given a path in the text, then something is there', () => {
    const gone = findings(WRITTEN, (_, text) =>
      matches(text, /`((?:packages|services|test|docs|scripts|bench)\/[\w./*-]*)`/g)
        .filter((path) => !path.includes('*'))
        .filter((path) => !existsSync(join(ROOT, path))),
    )
    expect(gone).toEqual([])
  })

  it('given a metric in the text, then a process shows it', () => {
    const shown = new Set(
      matches(productionFiles().map(textOf).join('\n'), /'(grantlog_[a-z_]+)'/g),
    )
    expect(shown.size).toBeGreaterThan(5)
    const unknown = findings(WRITTEN, (_, text) =>
      matches(text, /\b(grantlog_[a-z_]+)\b/g).filter((name) => !shown.has(name)),
    )
    expect(unknown).toEqual([])
  })

  it('given a figure that names its constant, then the code has the same', () => {
    const sources = productionFiles().map(textOf).join('\n')
    const numberOf = (text: string): number => Number(text.replace(/[_,]/g, ''))
    const wrong = findings(DOCUMENTS, (_, text) =>
      [...text.matchAll(/([\d,]+)[^\d<\n]*<!-- value: (\w+) -->/g)].flatMap(
        ([, figure = '', name = '']) => {
          const values = matches(sources, new RegExp(`const ${name}(?:: \\w+)? = ([\\d_]+)$`, 'gm'))
          const isSame = values.length > 0 && values.every((v) => numberOf(v) === numberOf(figure))
          return isSame ? [] : [`${name} is ${values.join(' and ') || 'nowhere'}, not ${figure}`]
        },
      ),
    )
    expect(wrong).toEqual([])
  })

  it('given a setting, then the README has its flag, its variable and nothing more', () => {
    const settings = Object.values(SETTINGS)
    const readme = textOf('README.md')
    const section = readme.slice(
      readme.indexOf('## Configuration'),
      readme.indexOf('## What is not'),
    )
    const flags = settings.flatMap(({ flag }) => /--[a-z-]+/.exec(flag ?? '') ?? [])
    const variables = settings.flatMap(({ variable }) => variable ?? [])
    flags.push('--config')
    variables.push('GRANTLOG_CONFIG')
    expect(matches(section, /^\| `(--[a-z-]+)`/gm).toSorted()).toEqual(flags.toSorted())
    expect(matches(section, /`(GRANTLOG_\w+)`/g).toSorted()).toEqual(variables.toSorted())
  })
})

describe('the decisions', () => {
  const pages = DOCUMENTS.filter((path) => path.startsWith('docs/decisions/'))

  it('given a page, then it has its number, a context, a decision, consequences and an end', () => {
    const incomplete = pages.filter((path, index) => {
      const text = textOf(path)
      const number = Number(path.split('/').at(-1)?.slice(0, 4))
      const parts = ['**Context.**', '**Decision.**', '**Consequences.**', '**Revisit when**']
      return (
        number !== index + 1 ||
        !text.startsWith(`# ${number}. `) ||
        parts.some((part) => !text.includes(part))
      )
    })
    expect(incomplete).toEqual([])
  })

  it('given the first page, then it lists all the others', () => {
    const [first = '', ...others] = pages
    const list = textOf(first)
    expect(others.filter((path) => !list.includes(path.slice('docs/decisions/'.length)))).toEqual(
      [],
    )
  })
})

describe('the glossary', () => {
  it('given a word, then it stands there once, in order', () => {
    const words = matches(textOf('docs/glossary.md'), /^\| (.+?) +\|/gm)
      .slice(2)
      .map((word) => word.toLowerCase())
    expect(words).toEqual([...new Set(words)].toSorted((a, b) => a.localeCompare(b, 'en')))
  })
})
