/**
 * The tests that the policy language is judged by. They are run for every mutant that they reach,
 * so the generated ones are few and always the same: a mutant that they miss is missed each time.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Most mutants die in a test of a millisecond; what generates its cases comes last. */
const SLOW = /(universe|differential|laws)\.test\.ts$/

class QuickOnesFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const slowness = ({ moduleId }: TestSpecification): number => (SLOW.test(moduleId) ? 1 : 0)
    return [...files].sort((a, b) => slowness(a) - slowness(b))
  }
}

export default defineConfig({
  root: at('../..'),
  resolve: { alias: { '@grantlog/policy': at('../../packages/policy/src/index.ts') } },
  test: {
    include: ['packages/policy/src/**/*.test.ts', 'test/authorization/*.test.ts'],
    setupFiles: [at('./seed.ts')],
    env: { DIFFERENTIAL_QUESTIONS: '2000' },
    isolate: false,
    sequence: { sequencer: QuickOnesFirst },
    testTimeout: 60_000,
  },
})
