/**
 * The operations on virtual MFA devices, which are named by their serial numbers:
 * `acs:ram::<uid>:mfa/<name>`.
 */
import {
  AccountId,
  AuthenticationCode,
  type UserId,
  type UserName,
  VirtualMFADeviceName,
} from '@grantlog/domain'
import { parseArn } from '@grantlog/policy'
import {
  findMFADevice,
  findUser,
  findUserById,
  listMFADevices,
  type MFADeviceRow,
  mfaDeviceOf,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, found } from '../answers.js'
import { userName } from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { type Field, invalid, named, needed, type Reader } from '../fields.js'
import {
  type Authorization,
  isCallersOwn,
  type Operation,
  operation,
  ramResource,
} from '../operation.js'
import { otpauthUrl, qrCodePng } from '../qr-code.js'
import { dateText, profileOf } from '../records.js'
import type { Scene } from '../scene.js'

const serialNumber = (accountId: string, deviceName: string): string =>
  `acs:ram::${accountId}:mfa/${deviceName}`

type Serial = { readonly accountId: AccountId; readonly deviceName: VirtualMFADeviceName }

/** Unit: characters. */
const SERIAL_CHARACTERS_MAX = 256

const serialText: Reader<Serial> = (value, name) => {
  const parsed = value.length > SERIAL_CHARACTERS_MAX ? undefined : parseArn(value)
  if (parsed === undefined || E.isLeft(parsed)) return invalid(name, 'Value')
  const { service, region, account, relativeId } = parsed.right
  const [kind, deviceName, ...rest] = relativeId.split('/')
  const isDevice = service === 'ram' && region === '' && kind === 'mfa' && rest.length === 0
  return isDevice && AccountId.is(account) && VirtualMFADeviceName.is(deviceName)
    ? E.right({ accountId: account, deviceName })
    : invalid(name, 'Value')
}

/** The fault names no number: it is the same for both codes. */
const codeText: Reader<string> = (value) =>
  AuthenticationCode.is(value) ? E.right(value) : invalid('AuthenticationCode', 'Format')

/** A device of another account is not there. */
const ownDevice = (serial: Serial, { caller }: Scene): E.Either<Fault, VirtualMFADeviceName> =>
  serial.accountId === caller.accountId
    ? E.right(serial.deviceName)
    : E.left({ type: 'MFADeviceNotFound', deviceName: serial.deviceName })

const SELF_SERVICE = { selfService: 'allowUserToManageMFADevices' } as const

/** What users may do with their own device where the account lets them. */
const onUser =
  (action: string) =>
  ({ userName }: { readonly userName: UserName }, caller: Scene['caller']): Authorization => ({
    action,
    resources: [ramResource(caller, `user/${userName}`)],
    ...(isCallersOwn(caller, userName) ? SELF_SERVICE : {}),
  })

/** Who may make and delete devices as its own alone; nobody where a policy permits more. */
const ownerOf = ({ caller, isSelfService }: Scene): { readonly ownerId?: UserId } =>
  caller.type === 'User' && isSelfService === true ? { ownerId: caller.userId } : {}

const createFields = {
  deviceName: needed('VirtualMFADeviceName', named(VirtualMFADeviceName, 64)),
}

const createVirtualMFADevice = operation({
  product: 'Ram',
  name: 'CreateVirtualMFADevice',
  kind: 'command',
  parameters: createFields,
  authorizes: (_, caller) => ({
    action: 'ram:CreateVirtualMFADevice',
    resources: [ramResource(caller, 'mfa/*')],
    ...SELF_SERVICE,
  }),
  run: ({ deviceName }, scene) => {
    const { engine, caller, circumstances } = scene
    const { accountId } = caller
    return pipe(
      engine.createVirtualMFADevice(accountId, { deviceName, ...ownerOf(scene) }, circumstances),
      TE.chainTaskK(({ seed, executed }) => async () => ({
        members: {
          VirtualMFADevice: {
            SerialNumber: serialNumber(accountId, deviceName),
            Base32StringSeed: seed,
            QRCodePNG: await qrCodePng(otpauthUrl(accountId, deviceName, seed)),
          },
        },
        position: executed.position,
      })),
    )
  },
})

const listVirtualMFADevices = operation({
  product: 'Ram',
  name: 'ListVirtualMFADevices',
  kind: 'question',
  parameters: {},
  authorizes: (_, caller) => ({
    action: 'ram:ListVirtualMFADevices',
    resources: [ramResource(caller, 'mfa/*')],
  }),
  run: (_, scene) => async () => {
    const { engine, caller } = scene
    const position = engine.status().applied
    const devices: Array<AnswerMembers> = []
    for (const device of listMFADevices(engine.views.directory, caller.accountId)) {
      const members = await deviceMembers(scene, device)
      if (E.isLeft(members)) return members
      devices.push(members.right)
    }
    return E.right({ members: { VirtualMFADevices: { VirtualMFADevice: devices } }, position })
  },
})

/** Whose the device is and since when, once it is bound. */
const deviceMembers = async (
  { engine }: Scene,
  { accountId, deviceName, boundTo }: MFADeviceRow,
): Promise<E.Either<Fault, AnswerMembers>> => {
  const SerialNumber = serialNumber(accountId, deviceName)
  const user = boundTo && findUserById(engine.views.directory, accountId, boundTo.userId)
  if (boundTo === undefined || user === undefined) return E.right({ SerialNumber })
  const profile = await profileOf(engine, user, ['displayName'])()
  if (E.isLeft(profile)) return profile
  return E.right({
    SerialNumber,
    ActivateDate: dateText(boundTo.at),
    User: {
      UserId: user.userId,
      UserName: user.userName,
      DisplayName: profile.right.displayName ?? '',
    },
  })
}

const serial: Field<Serial> = needed('SerialNumber', serialText)

const deleteVirtualMFADevice = operation({
  product: 'Ram',
  name: 'DeleteVirtualMFADevice',
  kind: 'command',
  parameters: { serial },
  authorizes: ({ serial: { accountId, deviceName } }, caller) => ({
    action: 'ram:DeleteVirtualMFADevice',
    resources: [`acs:ram:*:${accountId}:mfa/${deviceName}`],
    ...SELF_SERVICE,
    isOwn: ({ views }) =>
      caller.type === 'User' &&
      caller.accountId === accountId &&
      findMFADevice(views.directory, accountId, deviceName)?.madeBy?.userId === caller.userId,
  }),
  run: ({ serial }, scene) => {
    const { engine, caller, circumstances } = scene
    return pipe(
      TE.fromEither(ownDevice(serial, scene)),
      TE.flatMap((deviceName) =>
        engine.deleteVirtualMFADevice(
          caller.accountId,
          { deviceName, ...ownerOf(scene) },
          circumstances,
        ),
      ),
      TE.map(({ position }) => ({ members: {}, position })),
    )
  },
})

const bindFields = {
  userName,
  serial,
  first: needed('AuthenticationCode1', codeText),
  second: needed('AuthenticationCode2', codeText),
}

const bindMFADevice = operation({
  product: 'Ram',
  name: 'BindMFADevice',
  kind: 'command',
  parameters: bindFields,
  authorizes: onUser('ram:BindMFADevice'),
  run: ({ userName, serial, first, second }, scene) => {
    const { engine, caller, circumstances } = scene
    const { accountId } = caller
    return pipe(
      ownDevice(serial, scene),
      E.map((deviceName) => ({ userName, deviceName, codes: [first, second] as const })),
      TE.fromEither,
      TE.flatMap((binding) => engine.bindMFADevice(accountId, binding, circumstances)),
      TE.map(({ position }) => ({ members: {}, position })),
    )
  },
})

/** Whose device is taken away, and when it is the user itself that asks for it. */
const unbindingBy = ({ engine, caller }: Scene, userName: UserName) =>
  isCallersOwn(caller, userName) ? { userName, ownAt: engine.clock.now() } : { userName }

const unbindMFADevice = operation({
  product: 'Ram',
  name: 'UnbindMFADevice',
  kind: 'command',
  parameters: { userName },
  authorizes: onUser('ram:UnbindMFADevice'),
  run: ({ userName }, scene) => {
    const { engine, circumstances } = scene
    const { accountId } = scene.caller
    return pipe(
      engine.unbindMFADevice(accountId, unbindingBy(scene, userName), circumstances),
      TE.flatMap(({ events: [event], position }) =>
        event?.type === 'MFADeviceUnbound'
          ? TE.right({
              members: {
                MFADevice: { SerialNumber: serialNumber(accountId, event.deviceName) },
              },
              position,
            })
          : TE.left<Fault>({ type: 'MFADeviceNotBound' }),
      ),
    )
  },
})

/** IMS alone has it; it is said in RAM's words all the same, as what IMS has in common with RAM. */
export const DISABLE_VIRTUAL_MFA = operation({
  product: 'Ims',
  name: 'DisableVirtualMFA',
  kind: 'command',
  parameters: { userName },
  authorizes: onUser('ram:DisableVirtualMFA'),
  run: ({ userName }, scene) =>
    pipe(
      scene.engine.disableVirtualMFA(
        scene.caller.accountId,
        unbindingBy(scene, userName),
        scene.circumstances,
      ),
      TE.map(({ position }) => ({ members: {}, position })),
    ),
})

const getUserMFAInfo = operation({
  product: 'Ram',
  name: 'GetUserMFAInfo',
  kind: 'question',
  parameters: { userName },
  authorizes: onUser('ram:GetUserMFAInfo'),
  run: ({ userName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        found(findUser(directory, accountId, userName), { type: 'UserNotFound', userName }),
        E.flatMap(({ userId }) =>
          found<MFADeviceRow, Fault>(mfaDeviceOf(directory, accountId, userId), {
            type: 'MFADeviceNotBound',
          }),
        ),
        E.map(({ deviceName }) => ({
          MFADevice: { SerialNumber: serialNumber(accountId, deviceName), Type: 'VMFA' },
        })),
      ),
    ),
})

export const MFA_DEVICE_OPERATIONS: ReadonlyArray<Operation> = [
  createVirtualMFADevice,
  listVirtualMFADevices,
  deleteVirtualMFADevice,
  bindMFADevice,
  unbindMFADevice,
  getUserMFAInfo,
]
