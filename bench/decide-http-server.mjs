/**
 * The standalone server with a second port, of the same code in the same process: there a call is
 * received and its signature verified, as everywhere, and the answer is a constant. Started by
 * the bench as a process of its own; ends when the bench lets go of it.
 */
import { join } from 'node:path'
import { createLogger } from '@grantlog/adapters/system'
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import {
  DEFAULT_PROTOCOL_SETTINGS,
  inMemoryNonces,
  READ_API_BODY_BYTES_MAX,
  receiveCall,
  verify,
} from '@grantlog/protocol'
import { nothingOpened, openFront } from '@grantlog/server'
import { startStandalone } from '@grantlog/standalone'
import { rightOf } from './statistics.mjs'

const [directory] = process.argv.slice(2)

const onFault = (fault) => {
  throw fault
}

const standalone = rightOf(
  await startStandalone(
    {
      host: '127.0.0.1',
      port: 0,
      data: join(directory, 'data'),
      rootCredentials: join(directory, 'root.json'),
      logLevel: 'silent',
      quotas: DEFAULT_QUOTAS,
    },
    { onFault },
  ),
  'the server does not start',
)
const { engine } = standalone

const CONSTANT = {
  status: 200,
  headers: {
    'content-type': 'application/json;charset=utf-8',
    'cache-control': 'no-store',
    'x-grantlog-position-token': 'x'.repeat(120),
  },
  body: JSON.stringify({ allowed: true, outcome: 'Allow' }),
}

/** What every call goes through, and nothing else. */
const constantHandler = () => {
  const verified = verify({ engine, nonces: inMemoryNonces({ startedAt: engine.clock.now() }) })
  return async (request) => {
    const requestId = engine.ids.requestId()
    const call = receiveCall(request, DEFAULT_PROTOCOL_SETTINGS, READ_API_BODY_BYTES_MAX)
    const { caller } = rightOf(await verified(rightOf(call, 'the call'), 'question')(), 'signature')
    const note = { requestId, isCommand: false, accountId: caller.accountId }
    return { ...CONSTANT, note }
  }
}

const logger = createLogger({ level: 'silent' })
const opened = nothingOpened(onFault)
const { http } = await openFront('constant', {}, { logger, onFault }, opened)
const handler = constantHandler()
http.serve({
  status: () => ({ ready: true }),
  calls: { rpc: handler, v1: handler, oauth2: handler, authzen: handler },
})
const constantPort = await http.listen('127.0.0.1', 0)

process.send({
  port: Number(new URL(standalone.endpoint).port),
  constantPort,
  root: standalone.firstCredentials,
})
process.once('disconnect', async () => {
  await opened.closeAll()
  await standalone.stop()
})
