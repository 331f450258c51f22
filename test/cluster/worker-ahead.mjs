/**
 * An STS worker whose clock runs ahead by GRANTLOG_TEST_AHEAD_MS milliseconds, so that sessions
 * end while a test looks on.
 */
import { runProcess } from '@grantlog/server'
import { readConfiguration, startWorker } from '@grantlog/sts-worker'

const ahead = Number(process.env.GRANTLOG_TEST_AHEAD_MS)

await runProcess({
  name: 'worker-ahead',
  read: readConfiguration,
  start: (configuration, incidents) =>
    startWorker(configuration, { ...incidents, clock: { now: () => Date.now() + ahead } }),
  lines: () => [],
})
