/** Calls of AssumeRoleWithOIDC for tests, and what they need: providers, roles and tokens. */
import { type Issuer, type IssuerKey, signToken } from '../support/issuer.js'
import type { Federation } from './federation.js'

export const AUDIENCE = 'sts.aliyuncs.com'
export const SUBJECT = 'repo:acme/app:ref:refs/heads/main'

export type Claims = Readonly<Record<string, unknown>>
export type Parameters = Readonly<Record<string, string | number>>

export const failed = (code: string): string => `401 AuthenticationFail.${code}`

export const oidcCalls = (world: Federation) => {
  const seconds = (): number => Math.floor((Date.now() + world.ahead.ms) / 1000)
  const claims = ({ url }: Issuer, more: Claims = {}): Claims => ({
    iss: url,
    aud: AUDIENCE,
    sub: SUBJECT,
    iat: seconds() - 5,
    exp: seconds() + 600,
    ...more,
  })
  return {
    seconds,
    claims,
    token: (issuer: Issuer, by: IssuerKey, more: Claims = {}, header: Claims = {}): string =>
      signToken(by, claims(issuer, more), header),
    providerArn: (name: string): string => `acs:ram::${world.accountId}:oidc-provider/${name}`,
    roleArn: (name: string): string => `acs:ram::${world.accountId}:role/${name}`,
    assume: (parameters: Parameters) =>
      world.root.sts('AssumeRoleWithOIDC', { RoleSessionName: 'build-17', ...parameters }),
    /** A call in a form, as the credentials library of the official clients sends it. */
    post: async (form: Readonly<Record<string, string>>) => {
      const response = await fetch(`${world.endpoint}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
      return { status: response.status, body: await response.json() }
    },
    makeProvider: (name: string, { url }: Issuer, more: Parameters = {}) =>
      world.root.ims('CreateOIDCProvider', {
        OIDCProviderName: name,
        IssuerUrl: url,
        ClientIds: AUDIENCE,
        Fingerprints: world.certificates.authority.fingerprint,
        ...more,
      }),
    makeRole: (name: string, document: string) =>
      world.root.ram('CreateRole', { RoleName: name, AssumeRolePolicyDocument: document }),
  }
}

export type OidcCalls = ReturnType<typeof oidcCalls>
