/**
 * The official typed clients, as a program of a user would make them.
 */
import { $OpenApiUtil } from '@alicloud/openapi-core'
import * as ram from '@alicloud/ram20150501'
import * as sts from '@alicloud/sts20150401'

export type Keys = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

/** These packages are CommonJS, so under ESM their class stands one `default` deeper. */
const RamClient = ram.default.default
const StsClient = sts.default.default

export const clientsFor = (endpoint: string, keys: Keys) => {
  const config = new $OpenApiUtil.Config({
    ...keys,
    endpoint: endpoint.replace('http://', ''),
    protocol: 'HTTP',
  })
  return { ram: new RamClient(config), sts: new StsClient(config) }
}

export { ram as ramRequests, sts as stsRequests }
