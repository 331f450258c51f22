/** The operations of IMS on SAML providers, by the official client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSigner } from '../support/certificates.js'
import { base64, metadataOf } from '../support/saml-provider.js'
import { type Federation, refusal, startFederation } from './federation.js'

let world: Federation
const ENTITY = 'https://idp.example/metadata'
const SAMLProviderName = 'corp'
const absent = '404 EntityNotExist.SAMLProvider'
const malformed = '400 InvalidParameter.EncodedSAMLMetadataDocument.Format'

beforeAll(async () => {
  world = await startFederation()
}, 30_000)
afterAll(() => world.end())

const whole = (attributes = ''): string => metadataOf(ENTITY, [world.signer], attributes)
const create = (name: string, xml = whole(), more: Readonly<Record<string, string>> = {}) =>
  world.root.ims('CreateSAMLProvider', {
    SAMLProviderName: name,
    EncodedSAMLMetadataDocument: base64(xml),
    ...more,
  })

describe('CreateSAMLProvider', () => {
  it('given metadata, when CreateSAMLProvider, then the provider is there', async () => {
    const { SAMLProvider } = await create(SAMLProviderName, whole(), { Description: 'staff' })
    expect(SAMLProvider).toMatchObject({
      SAMLProviderName,
      Arn: `acs:ram::${world.accountId}:saml-provider/corp`,
      Description: 'staff',
    })
  })
  it('given it exists, when CreateSAMLProvider, then EntityAlreadyExists.SAMLProvider', async () => {
    expect(await refusal(create('CORP'))).toBe('409 EntityAlreadyExists.SAMLProvider')
  })
  it('given metadata with a declaration, when CreateSAMLProvider, then they are kept as they are', async () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?>\n<!-- staff -->${whole()}`
    await create('declared', xml)
    const call = world.root.ims('GetSAMLProvider', { SAMLProviderName: 'declared' })
    expect((await call).SAMLProvider.EncodedSAMLMetadataDocument).toBe(base64(xml))
    await world.root.ims('DeleteSAMLProvider', { SAMLProviderName: 'declared' })
  })
  it('given broken XML, when CreateSAMLProvider, then it is told so in our own words', async () => {
    const told = create('bad', '<a><b></a>').catch((error: Error) => error.message)
    expect(await told).toContain('it is not well-formed XML.')
  })
  const BAD: ReadonlyArray<readonly [what: string, make: () => string]> = [
    ['declared twice', () => '<?xml version="1.0"?>'.repeat(2) + whole()],
    ['with an instruction', () => `<?xml-stylesheet href="a"?>${whole()}`],
    ['that are over', () => whole(' validUntil="2020-01-01T00:00:00Z"')],
    ['that is no XML', () => 'metadata'],
    ['that is empty', () => ' '],
    ['with a document type', () => `<!DOCTYPE a [<!ENTITY b "c">]>${whole()}`],
    ['of another root', () => '<md:Other xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"/>'],
    ['without an entity id', () => whole().replace(` entityID="${ENTITY}"`, '')],
    ['without certificates', () => metadataOf(ENTITY, [])],
    ['with a certificate that is none', () => metadataOf(ENTITY, [{ certificate: 'AAAA' }])],
    ['with too short a key', () => metadataOf(ENTITY, [makeSigner(1024)])],
    ['with a key that is not RSA', () => metadataOf(ENTITY, [world.certificates.authority])],
    [
      'that does not speak SAML 2.0',
      () => whole().replace('SAML:2.0:protocol', 'SAML:1.1:protocol'),
    ],
    ['with an end that is no moment', () => whole(' validUntil="tomorrow"')],
    ['not closed', () => whole().slice(0, -5)],
  ]
  it.each(BAD)(
    'given metadata %s, when CreateSAMLProvider, then InvalidParameter.EncodedSAMLMetadataDocument.Format',
    async (_, make) => {
      expect(await refusal(create('bad', make()))).toBe(malformed)
    },
  )
  it('given no base64, when CreateSAMLProvider, then InvalidParameter.EncodedSAMLMetadataDocument.Format', async () => {
    const call = world.root.ims('CreateSAMLProvider', {
      SAMLProviderName: 'bad',
      EncodedSAMLMetadataDocument: `${base64(whole())}*`,
    })
    expect(await refusal(call)).toBe(malformed)
  })
  it('given a long document, when CreateSAMLProvider, then InvalidParameter.EncodedSAMLMetadataDocument.Length', async () => {
    const call = create('bad', 'x'.repeat(80_000))
    expect(await refusal(call)).toBe('400 InvalidParameter.EncodedSAMLMetadataDocument.Length')
  })
  it('given no document, when CreateSAMLProvider, then MissingParameter', async () => {
    const call = world.root.ims('CreateSAMLProvider', { SAMLProviderName: 'bad' })
    expect(await refusal(call)).toBe('400 MissingParameter.EncodedSAMLMetadataDocument')
  })
  it('given a bad name, when CreateSAMLProvider, then InvalidParameter.SAMLProviderName.InvalidChars', async () => {
    expect(await refusal(create('_corp'))).toBe(
      '400 InvalidParameter.SAMLProviderName.InvalidChars',
    )
  })
  it('given 30 providers, when CreateSAMLProvider, then LimitExceeded.SAMLProvider', async () => {
    for (let n = 1; n < 30; n += 1) await create(`filler-${n}`)
    expect(await refusal(create('one-more'))).toBe('409 LimitExceeded.SAMLProvider')
  })
})

describe('GetSAMLProvider', () => {
  it('given the provider, when GetSAMLProvider, then its metadata are as submitted', async () => {
    const { SAMLProvider } = await world.root.ims('GetSAMLProvider', { SAMLProviderName })
    expect(SAMLProvider.EncodedSAMLMetadataDocument).toBe(base64(whole()))
  })
  it('given none, when GetSAMLProvider, then EntityNotExist.SAMLProvider', async () => {
    const call = world.root.ims('GetSAMLProvider', { SAMLProviderName: 'none' })
    expect(await refusal(call)).toBe(absent)
  })
})

describe('UpdateSAMLProvider', () => {
  it('given other metadata, when UpdateSAMLProvider, then they are shown', async () => {
    const xml = metadataOf('https://idp.example/2', [world.signer])
    await world.root.ims('UpdateSAMLProvider', {
      SAMLProviderName,
      NewEncodedSAMLMetadataDocument: base64(xml),
      NewDescription: 'all staff',
    })
    const { SAMLProvider } = await world.root.ims('GetSAMLProvider', { SAMLProviderName })
    expect(SAMLProvider).toMatchObject({
      EncodedSAMLMetadataDocument: base64(xml),
      Description: 'all staff',
    })
  })
  it('given none, when UpdateSAMLProvider, then EntityNotExist.SAMLProvider', async () => {
    const call = world.root.ims('UpdateSAMLProvider', { SAMLProviderName: 'none' })
    expect(await refusal(call)).toBe(absent)
  })
  it.each([
    ['bad metadata', () => '<a/>'],
    ['metadata that are over', () => whole(' validUntil="2020-01-01T00:00:00Z"')],
  ])(
    'given %s, when UpdateSAMLProvider, then InvalidParameter.EncodedSAMLMetadataDocument.Format',
    async (_, make) => {
      const call = world.root.ims('UpdateSAMLProvider', {
        SAMLProviderName,
        NewEncodedSAMLMetadataDocument: base64(make()),
      })
      expect(await refusal(call)).toBe(malformed)
    },
  )
})

describe('ListSAMLProviders', () => {
  it('given 30 providers, when ListSAMLProviders, then each is on one page', async () => {
    const names: string[] = []
    let Marker = ''
    do {
      const page = await world.root.ims('ListSAMLProviders', { MaxItems: 16, Marker })
      for (const row of page.SAMLProviders.SAMLProvider) names.push(row.SAMLProviderName)
      Marker = page.Marker ?? ''
    } while (Marker !== '')
    expect([names.length, names[0]]).toEqual([30, SAMLProviderName])
  })
  it('given a foreign marker, when ListSAMLProviders, then InvalidParameter.Marker', async () => {
    const call = world.root.ims('ListSAMLProviders', { Marker: 'made-up' })
    expect(await refusal(call)).toBe('400 InvalidParameter.Marker')
  })
})

describe('DeleteSAMLProvider', () => {
  it('given the provider, when DeleteSAMLProvider, then it is gone', async () => {
    await world.root.ims('DeleteSAMLProvider', { SAMLProviderName })
    expect(await refusal(world.root.ims('GetSAMLProvider', { SAMLProviderName }))).toBe(absent)
  })
  it('given none, when DeleteSAMLProvider, then EntityNotExist.SAMLProvider', async () => {
    const call = world.root.ims('DeleteSAMLProvider', { SAMLProviderName })
    expect(await refusal(call)).toBe(absent)
  })
})

describe('a user without permission', () => {
  it.each([
    ['CreateSAMLProvider', { SAMLProviderName, EncodedSAMLMetadataDocument: 'AAAA' }],
    ['GetSAMLProvider', { SAMLProviderName }],
    ['UpdateSAMLProvider', { SAMLProviderName }],
    ['DeleteSAMLProvider', { SAMLProviderName }],
    ['ListSAMLProviders', {}],
  ])('given no policy, when %s, then NoPermission', async (operation, parameters) => {
    const UserName = `nobody-${operation}`
    await world.root.ram('CreateUser', { UserName })
    const { AccessKey } = await world.root.ram('CreateAccessKey', { UserName })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
    const user = world.connect({ accessKeyId, accessKeySecret })
    expect(await refusal(user.ims(operation, parameters as Record<string, string>))).toBe(
      '403 NoPermission',
    )
  })
})
