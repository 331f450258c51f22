/**
 * The configuration of an STS worker.
 */
import {
  allowRemoteSetting,
  dataSetting,
  hostSetting,
  logCaSetting,
  logLevelSetting,
  logSetting,
  type NotStarting,
  natsSetting,
  otlpSetting,
  ownShardsSetting,
  type Program,
  portSetting,
  readListening,
  shardsSetting,
  type Values,
  VERSION,
} from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'

export const PROGRAM: Program = {
  name: 'grantlog-sts-worker',
  description:
    'Issues and expires the credentials of sessions. Any number of workers may run side by side, also on the same shards; it holds no secret.',
  version: VERSION,
  examples: [
    'GRANTLOG_LOG="esdb://127.0.0.1:2113?tls=false" npm run sts-worker -- --data ./worker-1',
    'npm run sts-worker -- --shards 8 --own-shards 0-3 --nats nats://127.0.0.1:4222',
  ],
}

export const SETTINGS = {
  port: portSetting(7080),
  host: hostSetting,
  log: logSetting,
  logCa: logCaSetting,
  nats: natsSetting,
  data: dataSetting("this worker's view, which can be rebuilt", 'sts-worker'),
  shards: shardsSetting,
  ownShards: ownShardsSetting,
  logLevel: logLevelSetting,
  otlp: otlpSetting,
  allowRemote: allowRemoteSetting,
}

export type Configuration = Values<typeof SETTINGS>

const refuseForeign = (values: Configuration): E.Either<NotStarting, Configuration> => {
  const foreign = values.ownShards?.find((shard) => shard >= values.shards)
  if (foreign === undefined) return E.right(values)
  const sentence = `There is no shard ${foreign}: with ${values.shards} shards, the last is ${values.shards - 1}.`
  return E.left({ type: 'BadConfiguration', sentence })
}

export const readConfiguration = (
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Configuration> => {
  const values = readListening(PROGRAM, SETTINGS, args)
  return E.isLeft(values) ? values : refuseForeign(values.right)
}
