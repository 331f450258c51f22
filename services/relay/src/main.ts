#!/usr/bin/env node
/**
 * The process of the relay.
 */
import { FEED_STREAM } from '@grantlog/adapters/nats'
import { runProcess } from '@grantlog/server'
import { readConfiguration } from './configuration.js'
import { startFeedRelay } from './start.js'

await runProcess({
  name: 'grantlog-relay',
  read: readConfiguration,
  start: startFeedRelay,
  lines: ({ endpoint }) => [
    `  grantlog-relay copies the log to the JetStream stream ${FEED_STREAM}
  health        ${endpoint}/readyz   metrics ${endpoint}/metrics
`,
  ],
})
