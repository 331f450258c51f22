/** Mutation testing of the policy language: each small fault put into it must make a test fail. */

export default {
  mutate: [
    'packages/policy/src/**/*.ts',
    '!packages/policy/src/**/{testing/**,*.test.ts,index.ts}',
  ],
  testRunner: 'policy',
  plugins: ['./test/mutation/runner.mjs'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['bench', 'docs', '**/dist', '*.tsbuildinfo'],
  reporters: ['json', 'progress'],
  jsonReporter: { fileName: '.stryker-tmp/report.json' },
  allowEmpty: true,
}
