#!/usr/bin/env node
/**
 * The process of an STS worker.
 */
import { runProcess } from '@grantlog/server'
import { readConfiguration } from './configuration.js'
import { startWorker } from './start.js'

await runProcess({
  name: 'grantlog-sts-worker',
  read: readConfiguration,
  start: startWorker,
  lines: ({ endpoint }, { shards, ownShards }) => [
    `  grantlog-sts-worker works on ${ownShards === null ? `all ${shards} shards` : `the shards ${ownShards.join(', ')} of ${shards}`}
  health        ${endpoint}/readyz   metrics ${endpoint}/metrics
`,
  ],
})
