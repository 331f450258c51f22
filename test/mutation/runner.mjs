/**
 * Runs the tests of the policy language in one process, for Stryker: what is loaded once serves
 * every mutant, so a mutant costs the milliseconds of its tests and not the seconds of a start.
 * Quick tests come first, and the first that fails ends the run.
 *
 * It knows of vitest what these tests use: describe, it, their each, and expect.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import * as chai from 'chai'
import { createServer, createServerModuleRunner } from 'vite'

const SEED = 'test/mutation/seed.ts'
const TEST_FOLDERS = ['packages/policy/src', 'test/authorization']

/** How often a test passes each mutant, kept for the processes that run the mutants. */
const COVERAGE = 'mutation-coverage.json'

/** A test that passes a mutant so many times more often than it should is in a loop without end. */
const LOOP_FACTOR = 20
const LOOP_HITS_MIN = 10_000

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)

/** Where Stryker's instrumented code looks for the mutant that is active. */
globalThis.__stryker__ ??= {}
const stryker = globalThis.__stryker__

const testFiles = () =>
  TEST_FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `${folder}/${file}`),
  ).toSorted()

let tests = []
let place = []

const bodyOf = (rest) => rest.find((one) => typeof one === 'function')
const eachOf =
  (register) =>
  (rows) =>
  (name, ...rest) =>
    rows.forEach((row, index) => {
      const given = Array.isArray(row) ? row : [row]
      register(`${name} [${index}]`, () => bodyOf(rest)(...given))
    })

const describe = (name, ...rest) => {
  const before = place
  place = [...before, name]
  bodyOf(rest)()
  place = before
}
describe.each = eachOf(describe)

const it = (name, ...rest) => {
  const id = [...place, name].join(' > ')
  const same = tests.filter((one) => one.name === id).length
  tests.push({ id: same === 0 ? id : `${id} (${same})`, name: id, body: bodyOf(rest) })
}
it.each = eachOf(it)

globalThis.testsOfPolicies = { describe, it, expect: chai.expect }
const VITEST = 'export const { describe, it, expect } = globalThis.testsOfPolicies'

const startVite = () =>
  createServer({
    configFile: false,
    root: process.cwd(),
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    ssr: { noExternal: ['vitest'] },
    resolve: { alias: { '@grantlog/policy': resolve('packages/policy/src/index.ts') } },
    plugins: [
      {
        name: 'vitest-in-this-process',
        enforce: 'pre',
        resolveId: (id) => (id === 'vitest' ? '\0vitest' : undefined),
        load: (id) => (id === '\0vitest' ? VITEST : undefined),
      },
    ],
  })

class PolicyTestRunner {
  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    process.env.DIFFERENTIAL_QUESTIONS = '2000'
    this.vite = await startVite()
    this.modules = createServerModuleRunner(this.vite.environments.ssr, {
      hmr: false,
      sourcemapInterceptor: false,
    })
  }

  async dispose() {
    await this.modules?.close()
    await this.vite?.close()
  }

  /** Loads the code and its tests anew, and with it what is made of the code at once. */
  async load() {
    this.modules.clearCache()
    tests = []
    await this.modules.import(resolve(SEED))
    for (const file of testFiles()) {
      place = [file]
      await this.modules.import(resolve(file))
    }
  }

  async dryRun() {
    stryker.activeMutant = undefined
    stryker.mutantCoverage = { static: {}, perTest: {} }
    await this.load()
    const results = []
    for (const test of tests) {
      stryker.currentTestId = test.id
      results.push(await resultOf(test))
      stryker.currentTestId = undefined
    }
    const times = Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]))
    const { mutantCoverage } = stryker
    writeFileSync(COVERAGE, JSON.stringify({ perTest: mutantCoverage.perTest, times }))
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage }
  }

  async mutantRun({ activeMutant, mutantActivation, reloadEnvironment, testFilter }) {
    const isStatic = mutantActivation === 'static'
    stryker.hitLimit = undefined
    stryker.activeMutant = isStatic ? activeMutant.id : undefined
    if (reloadEnvironment || isStatic || this.isMutated !== false) {
      try {
        await this.load()
      } catch (error) {
        this.isMutated = true
        return killed([activeMutant.fileName], error)
      }
    }
    this.isMutated = isStatic
    stryker.activeMutant = activeMutant.id
    return this.judge(activeMutant, testFilter)
  }

  async judge({ id: mutant }, testFilter) {
    this.coverage ??= JSON.parse(readFileSync(COVERAGE, 'utf8'))
    const { perTest, times } = this.coverage
    const wanted = new Set(testFilter ?? tests.map(({ id }) => id))
    const chosen = tests
      .filter(({ id }) => wanted.has(id))
      .toSorted((a, b) => times[a.id] - times[b.id])
    for (const test of chosen) {
      stryker.hitCount = 0
      stryker.hitLimit = Math.max(LOOP_HITS_MIN, LOOP_FACTOR * (perTest[test.id]?.[mutant] ?? 0))
      const { status, failureMessage } = await resultOf(test)
      if (status === TestStatus.Failed) return killed([test.id], failureMessage)
    }
    return { status: MutantRunStatus.Survived, nrOfTests: chosen.length }
  }
}

const killed = (killedBy, failure) => ({
  status: MutantRunStatus.Killed,
  killedBy,
  failureMessage: String(failure),
  nrOfTests: 1,
})

const resultOf = async ({ id, name, body }) => {
  const start = performance.now()
  const said = (status, more) => ({
    id,
    name,
    timeSpentMs: performance.now() - start,
    status,
    ...more,
  })
  try {
    await body()
    return said(TestStatus.Success)
  } catch (error) {
    return said(TestStatus.Failed, { failureMessage: String(error?.message ?? error) })
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'policy', PolicyTestRunner),
]
