/**
 * A running server as a policy decision point: policies and entities are loaded through its own
 * interfaces, and questions go over HTTP with an access token.
 */
import { readFileSync } from 'node:fs'
import { CLIENT_KINDS, type OfficialClient } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into.
type Json = any

export type Answer = {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, else the text. */
  readonly body: Json
}

export type Pdp = {
  readonly journey: Journey
  readonly ram: OfficialClient['ram']
  readonly ask: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>
  readonly fetch: (path: string, init: RequestInit) => Promise<Answer>
  /** Registers entities; fails when that is refused. */
  readonly load: (entities: object) => Promise<Json>
  /** A role with one policy of these statements. Answers its ARN. */
  readonly role: (roleName: string, ...statements: ReadonlyArray<object>) => Promise<string>
  /** A policy of these statements, attached to users. */
  readonly grant: (
    policyName: string,
    users: ReadonlyArray<string>,
    ...statements: ReadonlyArray<object>
  ) => Promise<void>
}

export const vectors = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'))

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body = isJson ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}

export const tokenOf = async (
  endpoint: string,
  { accessKeyId, accessKeySecret }: Journey['root'],
): Promise<string> => {
  const response = await fetch(`${endpoint}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: accessKeyId,
      client_secret: accessKeySecret,
    }),
  })
  const { access_token } = (await response.json()) as { readonly access_token: string }
  return access_token
}

export const startPdp = async (): Promise<Pdp> => {
  const journey = await startJourney()
  const { endpoint, root, accountId } = journey
  const [kind] = CLIENT_KINDS
  if (kind === undefined) throw new Error('there is no client')
  const { ram } = kind.connect(endpoint, root)
  const token = await tokenOf(endpoint, root)
  const send: Pdp['fetch'] = async (path, init) => answerOf(await fetch(endpoint + path, init))
  const ask: Pdp['ask'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const policy = (PolicyName: string, Statement: ReadonlyArray<object>) =>
    ram('CreatePolicy', {
      PolicyName,
      PolicyDocument: JSON.stringify({ Version: '1', Statement }),
    })
  const trust = JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: [`acs:ram::${accountId}:root`] },
      },
    ],
  })
  return {
    journey,
    ram,
    ask,
    fetch: send,
    load: async (entities) => {
      const { status, body } = await ask('/v1/entities', entities)
      if (status !== 200) throw new Error(JSON.stringify(body))
      return body
    },
    role: async (RoleName, ...statements) => {
      await policy(RoleName, statements)
      await ram('CreateRole', { RoleName, AssumeRolePolicyDocument: trust })
      await ram('AttachPolicyToRole', { PolicyType: 'Custom', PolicyName: RoleName, RoleName })
      return `acs:ram::${accountId}:role/${RoleName}`
    },
    grant: async (PolicyName, users, ...statements) => {
      await policy(PolicyName, statements)
      for (const UserName of users)
        await ram('AttachPolicyToUser', { PolicyType: 'Custom', PolicyName, UserName })
    },
  }
}

/** A statement that allows actions of applications, on everything of a type. */
export const allow = (
  actions: ReadonlyArray<string>,
  type: string,
  condition?: Readonly<Record<string, Readonly<Record<string, string>>>>,
): object => ({
  Effect: 'Allow',
  Action: actions.map((action) => `authzen:${action}`),
  Resource: `acs:authzen:*:*:${type}/*`,
  ...(condition === undefined ? {} : { Condition: condition }),
})
