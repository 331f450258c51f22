/**
 * AssumeRole over HTTP against the real server: a verified signature, two decisions and two
 * durable appends in each call. Beside it in the same rounds: the same server's /livez (HTTP
 * alone) and GetCallerIdentity (HTTP and signature).
 */
import { plainRequest, signedRequest } from './acs3.mjs'
import { openConnections } from './load.mjs'
import { flushLatency } from './machine.mjs'
import { startServer } from './server.mjs'
import {
  demand,
  inRounds,
  medianText,
  printTable,
  ratios,
  say,
  spread,
  spreadText,
} from './statistics.mjs'

const CONNECTIONS = 64
const RAM = '2015-05-01'
const STS = '2015-04-01'

/** A signed call that must succeed, for the setting up. */
const calling = (connections, host) => async (key, version, action, parameters) => {
  const { answers } = await connections.send([
    signedRequest({ host, key, version, action, parameters }),
  ])
  const [{ status, body }] = answers
  demand(status === 200, `${action} answers ${status} ${body.toString()}`)
  return JSON.parse(body.toString())
}

/** A user that may assume roles, and a role that trusts its account. */
const setUp = async (call, root) => {
  const userName = 'bench-user'
  await call(root, RAM, 'CreateUser', { UserName: userName })
  const { AccessKey } = await call(root, RAM, 'CreateAccessKey', { UserName: userName })
  const grant = {
    PolicyType: 'System',
    PolicyName: 'AliyunSTSAssumeRoleAccess',
    UserName: userName,
  }
  await call(root, RAM, 'AttachPolicyToUser', grant)
  const trust = {
    Version: '1',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { RAM: [`acs:ram::${root.accountId}:root`] },
      },
    ],
  }
  const created = await call(root, RAM, 'CreateRole', {
    RoleName: 'bench-role',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  })
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
  return { key: { accessKeyId, accessKeySecret }, roleArn: created.Role.Arn }
}

/** Every answer is a new credential, whole. Done outside the clock. */
const checkCredentials = (answers, seen) => {
  for (const { body } of answers) {
    const { Credentials } = JSON.parse(body.toString())
    demand(Credentials.SecurityToken.length > 0, 'an answer without a token')
    demand(!seen.has(Credentials.AccessKeyId), 'one AccessKeyId twice')
    seen.add(Credentials.AccessKeyId)
  }
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 2 : 5
  const calls = quick ? 1_000 : 8_000
  const server = await startServer(directory)
  const host = `127.0.0.1:${server.port}`
  const connections = await openConnections(server.port, CONNECTIONS)
  const { key, roleArn } = await setUp(calling(connections, host), server.root)
  say(`assume-role: ${CONNECTIONS} connections, ${rounds} rounds of ${calls} signed calls`)

  const seen = new Set()
  const run = async (make, check = () => {}) => {
    const requests = Array.from({ length: calls }, make)
    const cpuBefore = server.cpu()
    const { answers, refused, ...measured } = await connections.send(requests)
    const cpuAfter = server.cpu()
    const [first] = refused
    demand(
      first === undefined,
      `${refused.length} calls refused, the first with ${first?.status} ${first?.body}`,
    )
    check(answers)
    return {
      ...measured,
      cpu: (cpuAfter.all - cpuBefore.all) / calls,
      cpuMain: (cpuAfter.main - cpuBefore.main) / calls,
    }
  }
  const signed = (version, action, parameters) => () =>
    signedRequest({ host, key, version, action, parameters })
  const assume = signed(STS, 'AssumeRole', {
    RoleArn: roleArn,
    RoleSessionName: 'bench',
    DurationSeconds: 3_600,
  })
  const contenders = [
    { name: 'GET /livez (floor)', run: () => run(() => plainRequest(host, '/livez')) },
    { name: 'GetCallerIdentity, signed', run: () => run(signed(STS, 'GetCallerIdentity', {})) },
    {
      name: 'AssumeRole, signed, two appends',
      run: () => run(assume, (answers) => checkCredentials(answers, seen)),
    },
  ]
  const runs = contenders.map((contender) => contender.run)
  await inRounds(1, runs)
  const results = await inRounds(rounds, runs)
  connections.close()
  demand((await server.stop()) === 0, 'the server did not stop cleanly')

  printTable(
    [
      'what',
      'calls/s',
      'p50 ms',
      'p99 ms',
      'server cpu us each (main thread)',
      'of the floor',
      'goal',
    ],
    contenders.map(({ name }, index) => [
      name,
      spreadText(spread(results[index].map(({ rate }) => rate))),
      spreadText(spread(results[index].map(({ p50 }) => p50))),
      spreadText(spread(results[index].map(({ p99 }) => p99))),
      `${medianText(results[index], 'cpu')} (${medianText(results[index], 'cpuMain')})`,
      index === 0 ? '1' : spreadText(ratios(results[index], results[0], 'rate')),
      index === 2 ? '5,000 calls/s, p99 < 25 ms' : '',
    ]),
  )
  const { p50, p99 } = flushLatency(directory)
  say(`checked: ${seen.size.toLocaleString('en-US')} credentials, all different, no call refused`)
  say(`flush of this disk just after: p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms\n`)
}
