/** What `docs/federation.md` says is done as it is written: its documents, names and values. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textOf } from '../architecture/source-files.js'
import { type IssuerKey, makeKey } from '../support/issuer.js'
import {
  assertionOf,
  base64,
  metadataOf,
  responseOf,
  signXml,
  type Told,
} from '../support/saml-provider.js'
import { type Federation, refusal, startFederation } from './federation.js'
import { failed, type OidcCalls, oidcCalls } from './oidc-calls.js'

const PAGE = textOf('docs/federation.md')

/** The documents of the page, in order. */
const documents = [...PAGE.matchAll(/^ *```json\n([\s\S]*?)^ *```/gm)].map(([, text = '']) => text)

/** The value that the page gives a parameter, as in `ClientIds` (`my-client`). */
const saidOf = (parameter: string): string => {
  const [, value] = new RegExp(`\`${parameter}\`\\s+\\(\`([^\`]+)\`\\)`).exec(PAGE) ?? []
  if (value === undefined) throw new Error(`the page gives no ${parameter}`)
  return value
}
const rows = (cell: RegExp) =>
  [...PAGE.matchAll(/^ *\| `([^`]+)` +\| (.+?) +\|$/gm)]
    .map(([, first = '', second = '']) => [first, second.replaceAll('`', '')] as const)
    .filter(([first]) => cell.test(first))

let world: Federation
let calls: OidcCalls

/** A document of the page with the account of this server in the place of the page's. */
const here = (index: number): string =>
  (documents[index] ?? '').replaceAll('1234567890123456', world.accountId)

beforeAll(async () => {
  world = await startFederation()
  calls = oidcCalls(world)
}, 30_000)
afterAll(() => world.end())

describe('the page about federation', () => {
  it('given a provider and a role as it says for OIDC, then who is named gets in', async () => {
    expect(documents).toHaveLength(2)
    const key: IssuerKey = makeKey('key-1')
    const issuer = world.issuers.issuer('page', [key])
    const [name, ClientIds] = [saidOf('OIDCProviderName'), saidOf('ClientIds')]
    await calls.makeProvider(name, issuer, { ClientIds })
    await calls.makeRole('app', here(0).replaceAll(saidOf('IssuerUrl'), issuer.url))
    const assume = (sub: string) =>
      calls.assume({
        OIDCToken: calls.token(issuer, key, {
          aud: ClientIds,
          sub,
          'https://www.aliyun.com/source_identity': 'who',
        }),
        OIDCProviderArn: calls.providerArn(name),
        RoleArn: calls.roleArn('app'),
      })
    const condition = JSON.parse(here(0)).Statement[0].Condition.StringEquals
    const { AssumedRoleUser, SourceIdentity } = await assume(condition['oidc:sub'])
    expect([AssumedRoleUser.Arn, SourceIdentity]).toEqual([
      `${calls.roleArn('app')}/build-17`,
      'who',
    ])
    expect(PAGE).toContain('`https://www.aliyun.com/source_identity`')
    expect(await refusal(assume('repo:example/other'))).toBe(failed('NoPermission'))
  })

  it('given recipients and audiences as it says for SAML, then each pair is taken', async () => {
    const entityId = 'https://idp.example/metadata'
    const provider = `acs:ram::${world.accountId}:saml-provider/corp`
    const moment = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
    await world.root.ims('CreateSAMLProvider', {
      SAMLProviderName: 'corp',
      EncodedSAMLMetadataDocument: base64(metadataOf(entityId, [world.signer])),
    })
    const trusted = JSON.parse(here(1)).Statement[0].Condition.StringEquals['saml:recipient']
    const pairs = rows(/^https:.*\/sso$/)
    expect(pairs.map(([recipient]) => recipient)).toContain(trusted)
    for (const [index, [recipient, audience]] of pairs.entries()) {
      const RoleArn = calls.roleArn(`staff-${index}`)
      await calls.makeRole(`staff-${index}`, here(1).replaceAll(trusted, recipient))
      const assume = (more: Partial<Told>) => {
        const assertion = assertionOf({
          entityId,
          id: '_assertion',
          version: '2.0',
          nameId: 'alice@corp.example',
          recipient,
          audience,
          notBefore: moment(-5),
          notOnOrAfter: moment(300),
          subjectNotOnOrAfter: moment(300),
          sessionNotOnOrAfter: '',
          roles: [`${RoleArn},${provider}`],
          sessionNames: ['alice'],
          method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
          moreSubject: '',
          moreConditions: '',
          moreAttributes: '',
          ...more,
        })
        for (const [attribute, what] of rows(/\/SAML-Role\/Attributes\//))
          if (!what.startsWith('optional')) expect(assertion).toContain(`"${attribute}"`)
        const SAMLAssertion = base64(
          signXml(responseOf(entityId, assertion), 'Assertion', world.signer),
        )
        return world.root.sts('AssumeRoleWithSAML', {
          SAMLProviderArn: provider,
          RoleArn,
          SAMLAssertion,
        })
      }
      expect((await assume({})).AssumedRoleUser.Arn).toBe(`${RoleArn}/alice`)
      const [other] = pairs.filter(([, each]) => each !== audience)
      expect(await refusal(assume({ audience: other?.[1] ?? '' }))).toMatch(/^40[0-9] /)
    }
    expect(pairs).toHaveLength(2)
  })
})
