/**
 * A standalone server whose clock runs ahead by a given time: `node killed-server.mjs <folder>
 * <milliseconds>`.
 */
import { join } from 'node:path'
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import { startStandalone } from '@grantlog/standalone'

const [directory, offset] = process.argv.slice(2)
const clock = { now: () => Date.now() + Number(offset) }
const started = await startStandalone(
  {
    host: '127.0.0.1',
    port: 0,
    data: join(directory, 'data'),
    rootCredentials: join(directory, 'root.json'),
    logLevel: 'silent',
    quotas: { ...DEFAULT_QUOTAS, usersPerAccount: 1_000_000 },
  },
  { clock },
)
if (started._tag === 'Left') {
  process.stderr.write(`${started.left.sentence}\n`)
  process.exit(1)
}
process.stdout.write(`serving ${started.right.endpoint}\n`)
