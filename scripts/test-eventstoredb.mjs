/**
 * Runs the log's contract against a real EventStoreDB instead of the test server:
 * `npm run test:eventstoredb -- esdb://127.0.0.1:2113?tls=false`.
 *
 * It appends to streams of its own, in a database that should hold nothing but grantlog's events.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const [connectionString] = process.argv.slice(2)
if (connectionString === undefined || !connectionString.startsWith('esdb')) {
  process.stderr.write('Which server? npm run test:eventstoredb -- esdb://host:port?tls=false\n')
  process.exit(2)
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/contracts/eventstoredb.contract.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GRANTLOG_TEST_EVENTSTOREDB: connectionString },
  },
)
process.exit(status ?? 1)
