/** The operations of IMS on OIDC providers, by the official client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Federation, refusal, startFederation } from './federation.js'

let world: Federation
beforeAll(async () => {
  world = await startFederation()
}, 30_000)
afterAll(() => world.end())

const NAME = 'ci'
const OIDCProviderName = NAME
const sha1 = 'A0:53:37:5B:FE:84:E8:B7:48:78:2C:7C:EE:15:82:7A:6A:F5:A4:05'
const plain = sha1.replaceAll(':', '').toLowerCase()
const sha256 = 'b'.repeat(64)
const absent = '404 EntityNotExist.OIDCProvider'
const create = (name: string, more: Readonly<Record<string, string | number>> = {}) =>
  world.root.ims('CreateOIDCProvider', {
    OIDCProviderName: name,
    IssuerUrl: 'https://issuer.example/ci',
    ...more,
  })
const numbered = (count: number, item: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => item(n)).join(',')

/** A user who may do nothing. */
const nobody = async () => {
  await world.root.ram('CreateUser', { UserName: 'nobody' }).catch(() => undefined)
  const { AccessKey } = await world.root.ram('CreateAccessKey', { UserName: 'nobody' })
  return world.connect({
    accessKeyId: AccessKey.AccessKeyId,
    accessKeySecret: AccessKey.AccessKeySecret,
  })
}

describe('CreateOIDCProvider', () => {
  it('given no such provider, when CreateOIDCProvider, then it is there as asked', async () => {
    const { OIDCProvider } = await create(NAME, {
      ClientIds: 'app-1,app-2',
      Fingerprints: `${sha1},${sha256}`,
      IssuanceLimitTime: 6,
      Description: 'builds',
    })
    expect(OIDCProvider).toMatchObject({
      OIDCProviderName: NAME,
      Arn: `acs:ram::${world.accountId}:oidc-provider/${NAME}`,
      IssuerUrl: 'https://issuer.example/ci',
      ClientIds: 'app-1,app-2',
      Fingerprints: `${plain},${sha256}`,
      IssuanceLimitTime: 6,
      Description: 'builds',
      CreateDate: expect.stringMatching(/Z$/),
    })
  })
  it('given it exists, when CreateOIDCProvider, then EntityAlreadyExists.OIDCProvider', async () => {
    expect(await refusal(create('CI'))).toBe('409 EntityAlreadyExists.OIDCProvider')
  })
  it('given 51 clients, when CreateOIDCProvider, then LimitExceeded.OIDCProvider.ClientId', async () => {
    const ClientIds = numbered(51, (n) => `app-${n}`)
    expect(await refusal(create('many', { ClientIds }))).toBe(
      '409 LimitExceeded.OIDCProvider.ClientId',
    )
  })
  it('given 6 prints, when CreateOIDCProvider, then LimitExceeded.OIDCProvider.Fingerprint', async () => {
    const Fingerprints = numbered(6, (n) => String(n).repeat(40))
    expect(await refusal(create('many', { Fingerprints }))).toBe(
      '409 LimitExceeded.OIDCProvider.Fingerprint',
    )
  })
  it.each([
    ['IssuerUrl', { IssuerUrl: 'http://issuer.example' }, 'InvalidParameter.IssuerUrl.Format'],
    ['IssuerUrl', { IssuerUrl: '' }, 'InvalidParameter.IssuerUrl.Format'],
    ['ClientIds', { ClientIds: 'a b' }, 'InvalidParameter.ClientIds.Format'],
    ['ClientIds', { ClientIds: 'a,a' }, 'InvalidParameter.ClientIds'],
    ['Fingerprints', { Fingerprints: 'abc' }, 'InvalidParameter.Fingerprints.Format'],
    ['IssuanceLimitTime', { IssuanceLimitTime: 0 }, 'InvalidParameter.IssuanceLimitTime'],
    ['IssuanceLimitTime', { IssuanceLimitTime: 169 }, 'InvalidParameter.IssuanceLimitTime'],
    ['Description', { Description: 'x'.repeat(257) }, 'InvalidParameter.Description.Length'],
  ])('given a bad %s %o, when CreateOIDCProvider, then %s', async (_, more, code) => {
    expect(await refusal(create('bad', more as Record<string, string>))).toBe(`400 ${code}`)
  })
  it.each([
    ['-ci', 'InvalidParameter.OIDCProviderName.InvalidChars'],
    ['a/b', 'InvalidParameter.OIDCProviderName.InvalidChars'],
    ['a'.repeat(129), 'InvalidParameter.OIDCProviderName.Length'],
  ])('given the name %s, when CreateOIDCProvider, then %s', async (name, code) => {
    expect(await refusal(create(name))).toBe(`400 ${code}`)
  })
  it('given no issuer, when CreateOIDCProvider, then MissingParameter.IssuerUrl', async () => {
    const call = world.root.ims('CreateOIDCProvider', { OIDCProviderName: 'x' })
    expect(await refusal(call)).toBe('400 MissingParameter.IssuerUrl')
  })
  it('given 30 providers, when CreateOIDCProvider, then LimitExceeded.OIDCProvider', async () => {
    for (let n = 1; n < 30; n += 1) await create(`filler-${n}`)
    expect(await refusal(create('one-more'))).toBe('409 LimitExceeded.OIDCProvider')
  })
})

describe('GetOIDCProvider', () => {
  it('given the provider, when GetOIDCProvider, then it is shown', async () => {
    const { OIDCProvider } = await world.root.ims('GetOIDCProvider', { OIDCProviderName: 'CI' })
    expect(OIDCProvider).toMatchObject({ OIDCProviderName: NAME, ClientIds: 'app-1,app-2' })
  })
  it('given none, when GetOIDCProvider, then EntityNotExist.OIDCProvider', async () => {
    const call = world.root.ims('GetOIDCProvider', { OIDCProviderName: 'none' })
    expect(await refusal(call)).toBe(absent)
  })
})

describe('UpdateOIDCProvider', () => {
  it('given the provider, when UpdateOIDCProvider, then only what was named changes', async () => {
    const { OIDCProvider } = await world.root.ims('UpdateOIDCProvider', {
      OIDCProviderName,
      IssuanceLimitTime: 12,
      NewDescription: '',
    })
    expect(OIDCProvider).toMatchObject({
      IssuanceLimitTime: 12,
      Description: '',
      ClientIds: 'app-1,app-2',
    })
  })
  it('given none, when UpdateOIDCProvider, then EntityNotExist.OIDCProvider', async () => {
    const call = world.root.ims('UpdateOIDCProvider', { OIDCProviderName: 'none' })
    expect(await refusal(call)).toBe(absent)
  })
  it('given 51 clients, when UpdateOIDCProvider, then LimitExceeded.OIDCProvider.ClientId', async () => {
    const ClientIds = numbered(51, (n) => `app-${n}`)
    const call = world.root.ims('UpdateOIDCProvider', { OIDCProviderName, ClientIds })
    expect(await refusal(call)).toBe('409 LimitExceeded.OIDCProvider.ClientId')
  })
})

const parts = [
  {
    part: 'ClientId',
    add: 'AddClientIdToOIDCProvider',
    remove: 'RemoveClientIdFromOIDCProvider',
    one: 'app-9',
    kept: 'ClientIds',
    before: 'app-1,app-2',
    filler: (n: number) => `more-${n}`,
    most: 50,
  },
  {
    part: 'Fingerprint',
    add: 'AddFingerprintToOIDCProvider',
    remove: 'RemoveFingerprintFromOIDCProvider',
    one: 'c'.repeat(40),
    kept: 'Fingerprints',
    before: `${plain},${sha256}`,
    filler: (n: number) => String(n).repeat(40),
    most: 5,
  },
] as const

describe.each(parts)(
  'the operations on one $part',
  ({ part, add, remove, one, kept, before, filler, most }) => {
    it(`given the provider, when ${add}, then it has one more`, async () => {
      const { OIDCProvider } = await world.root.ims(add, { OIDCProviderName, [part]: one })
      expect(OIDCProvider[kept]).toBe(`${before},${one}`)
    })
    it(`given it has it, when ${add}, then nothing changes`, async () => {
      const { OIDCProvider } = await world.root.ims(add, { OIDCProviderName, [part]: one })
      expect(OIDCProvider[kept]).toBe(`${before},${one}`)
    })
    it(`given no such provider, when ${add}, then EntityNotExist.OIDCProvider`, async () => {
      const call = world.root.ims(add, { OIDCProviderName: 'none', [part]: one })
      expect(await refusal(call)).toBe(absent)
    })
    it(`given a bad one, when ${add}, then InvalidParameter.${part}.Format`, async () => {
      const call = world.root.ims(add, { OIDCProviderName, [part]: 'not one' })
      expect(await refusal(call)).toBe(`400 InvalidParameter.${part}.Format`)
    })
    it(`given a full provider, when ${add}, then LimitExceeded.OIDCProvider.${part}`, async () => {
      const full = { OIDCProviderName: 'filler-1' }
      for (let n = 0; n < most; n += 1) await world.root.ims(add, { ...full, [part]: filler(n) })
      expect(await refusal(world.root.ims(add, { ...full, [part]: one }))).toBe(
        `409 LimitExceeded.OIDCProvider.${part}`,
      )
    })
    it(`given it has it, when ${remove}, then it has it no longer`, async () => {
      const { OIDCProvider } = await world.root.ims(remove, { OIDCProviderName, [part]: one })
      expect(OIDCProvider[kept]).toBe(before)
    })
    it(`given it has not, when ${remove}, then EntityNotExist.OIDCProvider.${part}`, async () => {
      const call = world.root.ims(remove, { OIDCProviderName, [part]: one })
      expect(await refusal(call)).toBe(`${absent}.${part}`)
    })
    it(`given no such provider, when ${remove}, then EntityNotExist.OIDCProvider`, async () => {
      const call = world.root.ims(remove, { OIDCProviderName: 'none', [part]: one })
      expect(await refusal(call)).toBe(absent)
    })
  },
)

describe('ListOIDCProviders', () => {
  it('given 30 providers, when ListOIDCProviders, then each is on one page', async () => {
    const names: string[] = []
    let Marker = ''
    do {
      const page = await world.root.ims('ListOIDCProviders', { MaxItems: 13, Marker })
      names.push(
        ...page.OIDCProviders.OIDCProvider.map(
          (row: { OIDCProviderName: string }) => row.OIDCProviderName,
        ),
      )
      Marker = page.Marker ?? ''
      expect(page.IsTruncated).toBe(Marker !== '')
    } while (Marker !== '')
    expect(names.length).toBe(30)
    expect(names[0]).toBe(NAME)
  })
  it('given a foreign marker, when ListOIDCProviders, then InvalidParameter.Marker', async () => {
    const call = world.root.ims('ListOIDCProviders', { Marker: 'made-up' })
    expect(await refusal(call)).toBe('400 InvalidParameter.Marker')
  })
})

describe('DeleteOIDCProvider', () => {
  it('given the provider, when DeleteOIDCProvider, then it is gone', async () => {
    await world.root.ims('DeleteOIDCProvider', { OIDCProviderName })
    expect(await refusal(world.root.ims('GetOIDCProvider', { OIDCProviderName }))).toBe(absent)
  })
  it('given none, when DeleteOIDCProvider, then EntityNotExist.OIDCProvider', async () => {
    const call = world.root.ims('DeleteOIDCProvider', { OIDCProviderName })
    expect(await refusal(call)).toBe(absent)
  })
})

describe('a user without permission', () => {
  const fingerprint = { OIDCProviderName, Fingerprint: plain }
  const client = { OIDCProviderName, ClientId: 'a' }
  it.each([
    ['CreateOIDCProvider', { OIDCProviderName, IssuerUrl: 'https://issuer.example' }],
    ['GetOIDCProvider', { OIDCProviderName }],
    ['UpdateOIDCProvider', { OIDCProviderName }],
    ['DeleteOIDCProvider', { OIDCProviderName }],
    ['ListOIDCProviders', {}],
    ['AddClientIdToOIDCProvider', client],
    ['RemoveClientIdFromOIDCProvider', client],
    ['AddFingerprintToOIDCProvider', fingerprint],
    ['RemoveFingerprintFromOIDCProvider', fingerprint],
  ])('given no policy, when %s, then NoPermission', async (operation, parameters) => {
    const user = await nobodyOnce()
    expect(await refusal(user.ims(operation, parameters as Record<string, string>))).toBe(
      '403 NoPermission',
    )
  })
})

let made: ReturnType<typeof nobody> | undefined
const nobodyOnce = (): ReturnType<typeof nobody> => {
  made ??= nobody()
  return made
}
