#!/usr/bin/env node
/**
 * The demo: an ephemeral engine, the story of two users and a role told by the official clients,
 * and the permission timeline that results. Ends with 0 when everything happened as told.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AccountId, DEFAULT_QUOTAS } from '@grantlog/domain'
import { findUser, timeline } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { clientsFor, type Keys, ramRequests as r, stsRequests } from './demo-clients.js'
import { moveTime } from './moved-time.js'
import { type Standalone, startStandalone } from './start.js'
import { tellEntry } from './tell.js'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** How a call ended: its answer, or the code that it was refused with. */
const outcomeOf = async <A>(call: Promise<A>): Promise<E.Either<string, A>> => {
  try {
    return E.right(await call)
  } catch (error) {
    return E.left((error as { readonly code?: string }).code ?? String(error))
  }
}

let step = 0
/** Tells one step; a step that ends otherwise than told ends the demo. */
const tell = async <A>(sentence: string, call: Promise<A>): Promise<A> => {
  step += 1
  const outcome = await outcomeOf(call)
  if (E.isLeft(outcome)) throw new Error(`step ${step} failed with ${outcome.left}: ${sentence}`)
  say(`${String(step).padStart(3)}. ${sentence}`)
  return outcome.right
}
const tellRefusal = async (
  sentence: string,
  code: string,
  call: Promise<unknown>,
): Promise<void> => {
  step += 1
  const outcome = await outcomeOf(call)
  if (E.isRight(outcome) || outcome.left !== code)
    throw new Error(`step ${step} was not refused with ${code}: ${sentence}`)
  say(`${String(step).padStart(3)}. ${sentence}  → refused: ${code}`)
}

const keysOf = (key: { accessKeyId?: string; accessKeySecret?: string } | undefined): Keys => ({
  accessKeyId: key?.accessKeyId ?? '',
  accessKeySecret: key?.accessKeySecret ?? '',
})

/** Asks the engine, as a service would that guards IoT and Table Store. */
const ask = async (
  { engine }: Standalone,
  principal: { readonly type: 'Role' | 'User'; readonly name: string },
  accountId: AccountId,
  action: string,
  { resource = '*', time }: { readonly resource?: string; readonly time?: number } = {},
): Promise<void> => {
  const { type, name } = principal
  const answer = await engine.ask({
    principal:
      type === 'User' ? { type, accountId, userName: name } : { type, accountId, roleName: name },
    action,
    resources: [resource],
    context: new Map(),
    moment: time === undefined ? { type: 'Now' } : { type: 'AtTime', time },
  })()
  if (E.isLeft(answer)) throw new Error(`the question could not be answered: ${answer.left.type}`)
  const { outcome, deciding } = answer.right.explanation
  const because = deciding
    .map(({ source }) => `${source.policyName} ${source.versionId}`)
    .join(', ')
  const at = time === undefined ? 'now' : `at ${new Date(time).toISOString()}`
  say(`       ${name} ${action} ${at}: ${outcome}${because === '' ? '' : ` (${because})`}`)
}

const ROLE = 'iot-gateway'

/** What every chapter of the story needs. */
type Stage = {
  readonly standalone: Standalone
  readonly accountId: AccountId
  readonly root: Keys
  readonly roleArn: string
}

const ramOf = ({ standalone, root }: Stage) => clientsFor(standalone.endpoint, root).ram

const attach = (stage: Stage, userName: string, policyName: string) =>
  ramOf(stage).attachPolicyToUser(
    new r.AttachPolicyToUserRequest({ policyType: 'System', policyName, userName }),
  )

const assume = ({ standalone, roleArn }: Stage, keys: Keys) =>
  clientsFor(standalone.endpoint, keys).sts.assumeRole(
    new stsRequests.AssumeRoleRequest({ roleArn, roleSessionName: 'app', durationSeconds: 900 }),
  )

const tellOfUsers = async (stage: Stage): Promise<Keys> => {
  const { standalone, accountId } = stage
  const ram = ramOf(stage)
  await tell(
    'Root creates the users alice and bob.',
    ram.createUser(new r.CreateUserRequest({ userName: 'alice' })),
  )
  await ram.createUser(new r.CreateUserRequest({ userName: 'bob' }))
  const made = await tell(
    'Alice gets an AccessKey. Nobody has any right yet.',
    ram.createAccessKey(new r.CreateAccessKeyRequest({ userName: 'alice' })),
  )
  await tell(
    'Alice may read Table Store, bob may write it.',
    attach(stage, 'alice', 'AliyunOTSReadOnlyAccess'),
  )
  await attach(stage, 'bob', 'AliyunOTSWriteOnlyAccess')
  await ask(standalone, { type: 'User', name: 'alice' }, accountId, 'ots:GetRow')
  await ask(standalone, { type: 'User', name: 'alice' }, accountId, 'ots:PutRow')
  return keysOf(made.body?.accessKey)
}

const tellOfTheRole = async (stage: Stage, alice: Keys): Promise<void> => {
  const { accountId, root } = stage
  const trusted = { RAM: [`acs:ram::${accountId}:root`] }
  const assumeRolePolicyDocument = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: trusted }],
  })
  await tell(
    `A role ${ROLE} is made that may use IoT.`,
    ramOf(stage).createRole(new r.CreateRoleRequest({ roleName: ROLE, assumeRolePolicyDocument })),
  )
  await ramOf(stage).attachPolicyToRole(
    new r.AttachPolicyToRoleRequest({
      policyType: 'System',
      policyName: 'AliyunIOTFullAccess',
      roleName: ROLE,
    }),
  )
  await tellRefusal('Root tries to assume it.', 'NoPermission', assume(stage, root))
  await tellRefusal('Alice tries to assume it.', 'NoPermission', assume(stage, alice))
}

/** Answers when alice was allowed to assume the role. */
const tellOfTheSession = async (stage: Stage, alice: Keys): Promise<number> => {
  const { standalone, accountId } = stage
  await tell(
    'Alice is allowed to assume roles.',
    attach(stage, 'alice', 'AliyunSTSAssumeRoleAccess'),
  )
  const allowedAt = Date.now()
  const assumed = await tell(
    'Alice assumes it for 15 minutes, as session "app".',
    assume(stage, alice),
  )
  const credentials = assumed.body?.credentials
  const session: Keys = { ...keysOf(credentials), securityToken: credentials?.securityToken ?? '' }
  const identity = () => clientsFor(standalone.endpoint, session).sts.getCallerIdentity()
  const who = await tell('With the temporary credentials she is somebody else:', identity())
  say(`       ${who.body?.arn}`)
  await ask(standalone, { type: 'Role', name: ROLE }, accountId, 'iot:QueryDevice')
  await ask(standalone, { type: 'Role', name: ROLE }, accountId, 'ots:GetRow')
  moveTime(901_000)
  await tellRefusal(
    '15 minutes later the session is over.',
    'InvalidSecurityToken.Expired',
    identity(),
  )
  return allowedAt
}

const tellOfTheEnd = async (stage: Stage, alice: Keys, allowedAt: number): Promise<void> => {
  const { standalone, accountId, roleArn } = stage
  await tell(
    'Root takes the right to assume roles from alice.',
    ramOf(stage).detachPolicyFromUser(
      new r.DetachPolicyFromUserRequest({
        policyType: 'System',
        policyName: 'AliyunSTSAssumeRoleAccess',
        userName: 'alice',
      }),
    ),
  )
  await tellRefusal('Alice tries again, at once.', 'NoPermission', assume(stage, alice))
  say('\n     And the past still answers:')
  for (const moment of [{}, { time: allowedAt }])
    await ask(standalone, { type: 'User', name: 'alice' }, accountId, 'sts:AssumeRole', {
      resource: roleArn,
      ...moment,
    })
}

const story = async (stage: Stage): Promise<void> => {
  const alice = await tellOfUsers(stage)
  await tellOfTheRole(stage, alice)
  const allowedAt = await tellOfTheSession(stage, alice)
  await tellOfTheEnd(stage, alice, allowedAt)
}

const sayTimeline = ({ engine }: Standalone, accountId: AccountId, userName: string): void => {
  const user = findUser(engine.views.directory, accountId, userName)
  if (user === undefined) throw new Error(`${userName} is not there`)
  say(`\n  The permission timeline of ${userName}:\n`)
  for (const entry of timeline(engine.views.history, { type: 'User', accountId, id: user.userId }))
    say(`    ${tellEntry(entry)}`)
}

const demo = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'grantlog-demo-'))
  const started = await startStandalone({
    host: '127.0.0.1',
    port: 0,
    data: directory,
    rootCredentials: null,
    logLevel: 'silent',
    quotas: DEFAULT_QUOTAS,
  })
  if (E.isLeft(started)) throw new Error(started.left.sentence)
  const { endpoint, firstCredentials } = started.right
  try {
    if (firstCredentials === null) throw new Error('the first start opened no account')
    const accountId = firstCredentials.accountId as AccountId
    say(`\n  An engine that is gone afterwards serves at ${endpoint}, account ${accountId}.`)
    say('  The official clients @alicloud/ram20150501 and @alicloud/sts20150401 tell the story.\n')
    const roleArn = `acs:ram::${accountId}:role/${ROLE}`
    await story({ standalone: started.right, accountId, root: firstCredentials, roleArn })
    sayTimeline(started.right, accountId, 'alice')
    say('')
  } finally {
    await started.right.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

await demo()
