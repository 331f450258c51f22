import { defineConfig } from 'vitest/config'

/**
 * Folders whose files leave nothing behind in the process: they share what is loaded, for loading
 * was most of their time.
 */
const TOGETHER = [
  'authorization',
  'authzen',
  'cli',
  'client',
  'compatibility',
  'operations',
  'protocol',
  'signing',
]

const together = [
  'packages/*/src/**/*.test.ts',
  'services/*/src/**/*.test.ts',
  ...TOGETHER.map((folder) => `test/${folder}/**/*.test.ts`),
]

export default defineConfig({
  test: {
    // Journeys and crash tests start servers and wait for them; units take milliseconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'together', include: together, isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: together },
      },
    ],
  },
})
