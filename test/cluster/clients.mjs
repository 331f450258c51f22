/** The official clients, and what every test of the cluster sets up with them. */
import * as core from '@alicloud/openapi-core'
import * as ram from '@alicloud/ram20150501'
import * as sts from '@alicloud/sts20150401'

const RamClient = ram.default.default ?? ram.default
const StsClient = sts.default.default ?? sts.default

/**
 * Longer than any trouble that is made on purpose. Unit: milliseconds. What these clients call the
 * time to connect ends a call that is not answered, too.
 */
const ANSWER_MS_MAX = 60_000

/** RAM's and STS's operations at one replica, by their names, with members as on the wire. */
export const clientAt = (endpoint, keys) => {
  const config = new core.$OpenApiUtil.Config({
    ...keys,
    endpoint: endpoint.replace('http://', ''),
    protocol: 'HTTP',
    readTimeout: ANSWER_MS_MAX,
    connectTimeout: ANSWER_MS_MAX,
  })
  const clients = { ram: new RamClient(config), sts: new StsClient(config) }
  const calling = (product, module) => async (operation, parameters) => {
    const Request = module[`${operation}Request`]
    const name = operation.charAt(0).toLowerCase() + operation.slice(1)
    const request = Request === undefined ? [] : [new Request(parameters)]
    return (await clients[product][name](...request)).body
  }
  return { ram: calling('ram', ram), sts: calling('sts', sts) }
}

/** How a call ended: OK, or the code of its refusal or of its fault. */
export const codeOf = (call) =>
  call.then(
    () => 'OK',
    (fault) => fault.code ?? fault.name ?? String(fault),
  )

/** How long a call is said again, at most; then something is wrong. Unit: milliseconds. */
const INSIST_MS_MAX = 90_000

/** Says a call again until it ends as it should; throws when it has not for too long. */
const again = async (call, isEnd) => {
  const deadline = performance.now() + INSIST_MS_MAX
  for (;;) {
    const code = await codeOf(call())
    if (isEnd(code)) return code
    if (performance.now() > deadline)
      throw new Error(`for ${INSIST_MS_MAX} ms this ended in ${code}: ${call}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Says a call again until it ends in one of these ways, and answers in which. */
export const insist = (call, codes) => again(call, (code) => codes.includes(code))

/** The code of a call that is said again while a replica has no time for it. */
export const settled = (call) => again(call, (code) => code !== 'ServiceUnavailable')

const keysOf = ({ accessKey }) => ({
  accessKeyId: accessKey.accessKeyId,
  accessKeySecret: accessKey.accessKeySecret,
})

/** A user with a key and some system policies. */
export const makeUser = async (client, userName, ...policyNames) => {
  await client.ram('CreateUser', { userName })
  for (const policyName of policyNames)
    await client.ram('AttachPolicyToUser', { policyType: 'System', policyName, userName })
  return keysOf(await client.ram('CreateAccessKey', { userName }))
}

/** A role that everybody of the account may assume; its ARN. */
export const makeRole = async (client, accountId, roleName) => {
  const Principal = { RAM: [`acs:ram::${accountId}:root`] }
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  const assumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] })
  return (await client.ram('CreateRole', { roleName, assumeRolePolicyDocument })).role.arn
}
