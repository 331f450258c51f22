/**
 * Who may import whom. A cruise that saw nothing would pass every rule, so it is first compared
 * with the files and imports on disk; and each rule is shown to bite in a small tree that breaks
 * it.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ICruiseResult } from 'dependency-cruiser'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cruiseTree, ruleNames, violationsOf } from './cruise.js'
import { filesMatching, productionFiles, ROOT, textOf } from './source-files.js'

/** The modules a file names, each once, as the compiler reads them. */
const importsOf = (path: string): ReadonlyArray<string> => [
  ...new Set(ts.preProcessFile(textOf(path), true, true).importedFiles.map((i) => i.fileName)),
]

const withoutScheme = (name: string): string => name.replace(/^node:/, '')

const FILES = productionFiles()

const DRIVER =
  /['"](node:sqlite|@photostructure\/sqlite|@eventstore\/db-client|nats|@opentelemetry\/[a-z-]+)['"]/

describe('the boundaries', () => {
  let result: ICruiseResult
  beforeAll(async () => {
    const roots = new Set(FILES.map((path) => path.split('/').slice(0, 3).join('/')))
    result = await cruiseTree(ROOT, [...roots])
  })

  const ours = () => result.modules.filter(({ source }) => FILES.includes(source))

  it('given a cruise, then it saw every source file there is', () => {
    expect(
      ours()
        .map(({ source }) => source)
        .sort(),
    ).toEqual(FILES)
    expect(FILES.length).toBeGreaterThan(150)
  })

  it('given a cruise, then it saw every import there is', () => {
    const seen = ours().map(({ source, dependencies }) => ({
      source,
      imports: [...new Set(dependencies.map(({ module }) => withoutScheme(module)))].sort(),
    }))
    const written = ours().map(({ source }) => ({
      source,
      imports: importsOf(source).map(withoutScheme).sort(),
    }))
    expect(seen).toEqual(written)
    expect(result.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(600)
  })

  it('given the rules, then none is broken', () => {
    expect(violationsOf(result)).toEqual([])
  })

  it('given another package, then it is imported by its name, never by a path', () => {
    const byPath = filesMatching(/^(packages|services)\/[^/]+\/src\/.*\.ts$/).flatMap((path) => {
      const home = path.split('/').slice(0, 3).join('/')
      return importsOf(path)
        .filter((name) => name.startsWith('.'))
        .filter((name) => !join(dirname(path), name).replaceAll('\\', '/').startsWith(`${home}/`))
        .map((name) => `${path}: ${name}`)
    })
    expect(byPath).toEqual([])
  })

  it('given a driver loaded by its name at run time, then it is in adapters too', () => {
    const elsewhere = FILES.filter((path) => !path.startsWith('packages/adapters/')).filter(
      (path) => DRIVER.test(textOf(path)),
    )
    expect(elsewhere).toEqual([])
  })
})

const FLOORED = [
  'policy',
  'domain',
  'views',
  'engine',
  'client',
  'adapters',
  'protocol',
  'server',
  'cli',
]

/** One file per rule, each breaking that rule. */
const BROKEN: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'floor-policy': ['packages/policy/src/up.ts', "import '@grantlog/domain'"],
  'floor-domain': ['packages/domain/src/up.ts', "import '@grantlog/views'"],
  'floor-views': ['packages/views/src/up.ts', "import '@grantlog/engine'"],
  'floor-engine': ['packages/engine/src/up.ts', "import type { A } from '@grantlog/adapters'"],
  'floor-client': ['packages/client/src/up.ts', "import '@grantlog/engine'"],
  'floor-adapters': ['packages/adapters/src/beside.ts', "import '@grantlog/protocol'"],
  'floor-protocol': ['packages/protocol/src/beside.ts', "import '@grantlog/adapters'"],
  'floor-server': ['packages/server/src/up.ts', "import '../../../services/standalone/src/x.js'"],
  'floor-cli': ['packages/cli/src/up.ts', "import '../../../services/standalone/src/x.js'"],
  'pure-policy-libraries': ['packages/policy/src/library.ts', "import 'pino'"],
  'pure-domain-libraries': ['packages/domain/src/library.ts', "import 'pino'"],
  'pure-views-libraries': ['packages/views/src/library.ts', "import 'pino'"],
  'pure-no-node': ['packages/domain/src/node.ts', "import 'node:crypto'"],
  'pure-no-effects': ['packages/views/src/effect.ts', "import 'fp-ts/lib/ReaderTaskEither.js'"],
  'drivers-in-adapters': ['packages/engine/src/driver.ts', "import '@photostructure/sqlite'"],
  'eventstore-client-at-home': ['packages/adapters/src/es.ts', "import '@eventstore/db-client'"],
  'services-apart': ['services/api/src/across.ts', "import '../../standalone/src/x.js'"],
  'packages-below-services': [
    'packages/protocol/src/up.ts',
    "import '../../../services/standalone/src/x.js'",
  ],
  'front-doors-only': ['packages/views/src/window.ts', "import '../../domain/src/names.js'"],
  'no-testing-in-production': ['packages/engine/src/t.ts', "import '@grantlog/domain/testing'"],
  'entities-apart': ['packages/domain/src/account/user/a.ts', "import '../group/b.js'"],
  'no-circles': ['packages/engine/src/ring.ts', "import './ring.js'"],
  resolvable: ['packages/engine/src/nowhere.ts', "import './nothing-here.js'"],
  declared: ['packages/engine/src/undeclared.ts', "import 'pino'"],
}

const INNOCENT: Readonly<Record<string, string>> = {
  'services/standalone/src/x.ts': 'export const x = 1',
  'packages/domain/src/names.ts': 'export const names = 1',
  'packages/domain/src/account/group/b.ts': 'export const b = 1',
  'packages/domain/dist/testing/index.js': 'export const t = 1',
  ...Object.fromEntries(
    ['pino', 'fp-ts', '@photostructure/sqlite', '@eventstore/db-client'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'module.exports = {}'],
    ]),
  ),
  'node_modules/fp-ts/lib/ReaderTaskEither.js': 'module.exports = {}',
}

describe('the rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'boundaries-'))
  afterAll(() => rmSync(tree, { recursive: true }))

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }

  it('given a tree that breaks every one of them, then every one of them is reported', async () => {
    for (const name of FLOORED) {
      const exports = { '.': './dist/index.js', './testing': './dist/testing/index.js' }
      write(
        `packages/${name}/package.json`,
        JSON.stringify({ name: `@grantlog/${name}`, type: 'module', exports }),
      )
      write(`packages/${name}/dist/index.js`, 'export const A = 1')
      mkdirSync(join(tree, 'node_modules/@grantlog'), { recursive: true })
      symlinkSync(join(tree, 'packages', name), join(tree, 'node_modules/@grantlog', name))
    }
    for (const [path, text] of Object.entries(INNOCENT)) write(path, text)
    for (const [path, text] of Object.values(BROKEN)) write(path, text)
    write('package.json', JSON.stringify({ name: 'tree' }))

    const found = (await cruiseTree(tree, ['packages', 'services'])).summary.violations
    const bitten = ruleNames.filter((name) =>
      found.some(({ rule, from }) => rule.name === name && from === BROKEN[name]?.[0]),
    )
    expect(bitten).toEqual(ruleNames)
  })
})
