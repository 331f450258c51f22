/**
 * The official clients behind one small interface, so that the same journey is told through each
 * of them: the current typed clients (ACS3) and pop-core (signature V1) by GET and by POST.
 */

import * as ims from '@alicloud/ims20190815'
import * as core from '@alicloud/openapi-core'
import popCore from '@alicloud/pop-core'
import * as ram from '@alicloud/ram20150501'
import * as sts from '@alicloud/sts20150401'

export type Keys = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the client made of the wire.
export type Body = any
type Value = string | number | boolean | ReadonlyArray<string | object>
export type Parameters = Readonly<Record<string, Value>>

/**
 * What every client can do: an operation of RAM, STS or IMS by its name, answered with the body, or
 * thrown.
 */
export type OfficialClient = {
  readonly ram: (operation: string, parameters?: Parameters) => Promise<Body>
  readonly sts: (operation: string, parameters?: Parameters) => Promise<Body>
  readonly ims: (operation: string, parameters?: Parameters) => Promise<Body>
}

export type ClientKind = {
  readonly name: string
  readonly connect: (endpoint: string, keys: Keys) => OfficialClient
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
/** The typed clients write the first letter of a member small, but for that of an abbreviation. */
const memberName = (name: string): string => (/^[A-Z]{2}/.test(name) ? name : lowerFirst(name))
const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Members of a typed answer under their wire names, so that all clients' answers read alike. */
const onWire = (value: unknown): Body => {
  if (Array.isArray(value)) return value.map(onWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [upperFirst(name), onWire(member)]),
  )
}

/** Members of a parameter under the names that the typed clients give them. */
const asTyped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asTyped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [memberName(name), asTyped(member)]),
  )
}

type TypedModule = Readonly<Record<string, unknown>>

type RequestClass = (new (
  map: object,
) => object) & { readonly names: () => Readonly<Record<string, string>> }

/** The member of a request class for a parameter: its own, in letters of its own choice. */
const memberOf = (Request: RequestClass, parameter: string): string => {
  const [member] =
    Object.entries(Request.names()).find(([, wireName]) => wireName === parameter) ?? []
  if (member === undefined) throw new Error(`${Request.name} has no ${parameter}`)
  return member
}

/** Calls an operation of a typed client through its own request class. */
const typedCall =
  (module: TypedModule, client: object) =>
  async (operation: string, parameters: Parameters = {}): Promise<Body> => {
    const Request = module[`${operation}Request`] as RequestClass | undefined
    const method = Reflect.get(client, lowerFirst(operation)) as (request?: object) => Promise<Body>
    const request =
      Request === undefined
        ? undefined
        : new Request(
            Object.fromEntries(
              Object.entries(parameters).map(([name, value]) => [
                memberOf(Request, name),
                asTyped(value),
              ]),
            ),
          )
    const response = await (request === undefined
      ? method.call(client)
      : method.call(client, request))
    return onWire(response.body)
  }

const acs3: ClientKind = {
  name: '@alicloud/ram20150501, sts20150401 and ims20190815 (ACS3)',
  connect: (endpoint, keys) => {
    const config = new core.$OpenApiUtil.Config({
      ...keys,
      endpoint: endpoint.replace('http://', ''),
      protocol: 'HTTP',
    })
    const Ram = (ram as unknown as { default: { default?: unknown } }).default
    const Sts = (sts as unknown as { default: { default?: unknown } }).default
    const Ims = (ims as unknown as { default: { default?: unknown } }).default
    const RamClient = (Ram.default ?? Ram) as new (config: object) => object
    const StsClient = (Sts.default ?? Sts) as new (config: object) => object
    const ImsClient = (Ims.default ?? Ims) as new (config: object) => object
    return {
      ims: typedCall(ims as TypedModule, new ImsClient(config)),
      ram: typedCall(ram as TypedModule, new RamClient(config)),
      sts: typedCall(sts as TypedModule, new StsClient(config)),
    }
  },
}

const pop = (method: 'GET' | 'POST'): ClientKind => ({
  name: `@alicloud/pop-core (V1, ${method})`,
  connect: (endpoint, keys) => {
    const connectTo = (apiVersion: string) => {
      const client = new popCore({ ...keys, endpoint, apiVersion } as never)
      return (operation: string, parameters: Parameters = {}): Promise<Body> =>
        client.request(operation, parameters, { method, timeout: 10_000 })
    }
    return {
      ram: connectTo('2015-05-01'),
      sts: connectTo('2015-04-01'),
      ims: connectTo('2019-08-15'),
    }
  },
})

export const CLIENT_KINDS: ReadonlyArray<ClientKind> = [acs3, pop('GET'), pop('POST')]

/** The code of the refusal that a call ends with; fails when the call succeeds. */
export const refusalOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  throw new Error('the call was answered, not refused')
}
