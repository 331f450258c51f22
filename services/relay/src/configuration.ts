/**
 * The configuration of the relay.
 */
import {
  allowRemoteSetting,
  hostSetting,
  logCaSetting,
  logLevelSetting,
  logSetting,
  type NotStarting,
  natsRequiredSetting,
  otlpSetting,
  type Program,
  portSetting,
  readListening,
  type Values,
  VERSION,
} from '@grantlog/server'
import type * as E from 'fp-ts/lib/Either.js'

export const PROGRAM: Program = {
  name: 'grantlog-relay',
  description:
    'Copies every event of the log once, and in order, to JetStream as CloudEvents. A second relay waits for the first to fail.',
  version: VERSION,
  examples: [
    'GRANTLOG_LOG="esdb://127.0.0.1:2113?tls=false" npm run relay -- --nats nats://127.0.0.1:4222',
  ],
}

export const SETTINGS = {
  port: portSetting(7090),
  host: hostSetting,
  log: logSetting,
  logCa: logCaSetting,
  nats: natsRequiredSetting,
  logLevel: logLevelSetting,
  otlp: otlpSetting,
  allowRemote: allowRemoteSetting,
}

export type Configuration = Values<typeof SETTINGS>

export const readConfiguration = (
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Configuration> => readListening(PROGRAM, SETTINGS, args)
