#!/usr/bin/env node
/**
 * The standalone server's process: reads the configuration, starts, says where it listens, and
 * stops cleanly on a signal.
 *
 * `npm start` gives it a young generation of 64 MiB: a call's objects live for some milliseconds,
 * and with Node's 16 MiB many are copied before they die. AssumeRole over HTTP took 351 µs of
 * processor time a call without it and 308 µs with it.
 */
import { createLogger, type Logger } from '@grantlog/adapters/system'
import * as E from 'fp-ts/lib/Either.js'
import { type Configuration, readConfiguration } from './configuration.js'
import type { RootCredentials } from './first-start.js'
import { type Standalone, startStandalone } from './start.js'

/** How long a clean stop may take before the process ends all the same. Unit: milliseconds. */
const STOP_MS_MAX = 10_000

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const sayCredentials = ({ accountId, accessKeyId, accessKeySecret }: RootCredentials): void =>
  say(`
  A new account was opened. This is its root AccessKey; the secret is shown this once and kept nowhere in clear:

    account id         ${accountId}
    access key id      ${accessKeyId}
    access key secret  ${accessKeySecret}

  Root is for setting up and for recovery: make an admin user, and keep this key in a safe.
`)

const sayAddresses = (endpoint: string, data: string): void =>
  say(`  grantlog serves RAM 2015-05-01 and STS 2015-04-01 at ${endpoint}
  read API      ${endpoint}/v1/
  health        ${endpoint}/readyz   metrics ${endpoint}/metrics
  data folder   ${data}
  stop it with Ctrl-C
`)

const stopOnSignals = (standalone: Standalone, logger: Logger): void => {
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    logger.info('stopping', { signal })
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    void standalone.stop().then(() => {
      logger.info('stopped')
      process.exitCode = 0
    })
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
}

const serve = async (configuration: Configuration): Promise<void> => {
  const logger = createLogger({ level: configuration.logLevel, stream: process.stderr })
  const started = await startStandalone(configuration, {
    onStopped: (reason) =>
      logger.error('the engine stopped and allows nothing', { detail: reason }),
    onFault: (fault) => logger.error('fault', { error: fault }),
  })
  if (E.isLeft(started)) {
    process.stderr.write(`grantlog does not start. ${started.left.sentence}\n`)
    process.exitCode = 1
    return
  }
  const { endpoint, firstCredentials } = started.right
  stopOnSignals(started.right, logger)
  if (firstCredentials !== null) {
    if (configuration.rootCredentials === null) sayCredentials(firstCredentials)
    else
      say(
        `\n  A new account was opened; its root AccessKey is in ${configuration.rootCredentials}\n`,
      )
  } else if (configuration.rootCredentials !== null)
    say(`  The account is there already; no root AccessKey is written.`)
  sayAddresses(endpoint, configuration.data)
  const { hostname: host, port } = new URL(endpoint)
  logger.info('serving', { host, port: Number(port), pid: process.pid })
}

const configuration = readConfiguration(process.argv.slice(2))
if (E.isRight(configuration)) await serve(configuration.right)
else if (configuration.left.type === 'Told') process.exitCode = configuration.left.exitCode
else {
  process.stderr.write(`grantlog does not start. ${configuration.left.sentence}\n`)
  process.exitCode = 2
}
