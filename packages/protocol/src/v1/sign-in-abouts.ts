/** The paths by which people sign in to a console, as they say of themselves. */
import { SignedInAnswer, SignedOutAnswer, SignInAnswer } from '@grantlog/client/shapes'
import { AuthenticationCode } from '@grantlog/domain'
import { closed } from '@grantlog/policy'
import * as t from 'io-ts'
import { member, type RouteAbout } from './about.js'
import { withSchema } from './json-schema.js'

const text = (name: string, charactersMax: number) =>
  withSchema(
    t.refinement(t.string, (value) => value.length <= charactersMax, name),
    { maxLength: charactersMax },
  )

const PrincipalName = text('PrincipalName', 128)
/** The longest that is looked at; what is hashed is bounded by its bytes. */
const Password = text('Password', 1024)
const TicketText = text('Ticket', 1024)

export const SignInBody = closed(
  { userPrincipalName: PrincipalName, password: Password },
  { withCode: t.boolean },
  'SignInBody',
)
const Code = withSchema(
  t.refinement(t.string, (value): boolean => AuthenticationCode.is(value), 'AuthenticationCode'),
  { pattern: '^[0-9]{6}$' },
)
/** Whether the device is to be remembered, where the account lets it. */
const SAVES = { saveMFATicket: t.boolean }
export const CodeBody = closed({ ticket: TicketText, code: Code }, SAVES, 'SignInCodeBody')
export const MFADeviceBody = closed(
  {
    ticket: TicketText,
    authenticationCode1: Code,
    authenticationCode2: Code,
  },
  SAVES,
  'SignInMFADeviceBody',
)
export const NewPasswordBody = closed(
  { ticket: TicketText, newPassword: Password },
  {},
  'SignInPasswordBody',
)

const TICKET = member.needed(
  'ticket',
  'a text of at most 1024 characters',
  'The `ticket` of the step before. It is good for ten minutes, and for the password that was shown.',
)

const SAVE_TICKET = member.optional(
  'saveMFATicket',
  'true or false',
  'Whether the device is to be remembered in place of a code for 7 days, by the cookie `__Host-grantlog-mfa`. It is ' +
    'where `EnableSaveMFATicket` of the account is on, until the device is unbound, the user has another password or ' +
    'the switch is off. False when absent.',
)

const CODE_RULE = 'six digits'

const STEP_ANSWER: RouteAbout['answer'] = {
  step:
    '`SignedIn`; or what is to be done next: `CodeRequired`, at `/v1/sign-in/code`, ' +
    '`MFADeviceRequired`, at `/v1/sign-in/mfa-device`, or `NewPasswordRequired`, at ' +
    '`/v1/sign-in/password`.',
  ticket: 'What the next step is done with. Absent once all is done.',
  base32StringSeed:
    'Of `MFADeviceRequired`: the seed of the device that is to be bound. It is new each time, and ' +
    'kept nowhere until codes of it are shown.',
  qrCodePNG: 'The same as a picture for authenticator apps: base64 of a PNG.',
  accountId: 'The account of the user. Present once all is done, as the members below.',
  userId: 'The user who signed in.',
  userName: 'How it is called.',
  mfaPresent: 'Whether a code was shown.',
  expiresAt: 'When it must sign in anew.',
  mfaTicketUntil: 'Until when the device is remembered from now on. Absent where it is not.',
}

const step = (about: Pick<RouteAbout, 'path' | 'does' | 'example'> & Required<Asked>) =>
  ({
    method: 'POST',
    about: {
      path: about.path,
      does: about.does,
      permission: null,
      query: [],
      body: about.body,
      shapes: { answer: SignInAnswer, body: about.codec },
      answer: STEP_ANSWER,
      example: about.example,
    },
  }) as const

type Asked = { readonly body: NonNullable<RouteAbout['body']>; readonly codec: t.Mixed }

export const SIGN_IN = step({
  path: '/v1/sign-in',
  does:
    'Signs a user in with its password. Once all is done the answer sets the cookie `__Host-grantlog`, which stands ' +
    'for the user in calls to the read API.',
  body: [
    member.needed(
      'userPrincipalName',
      'a text of at most 128 characters',
      'The name of the user, `@`, the alias of its account or the uid, and `.onaliyun.com`.',
    ),
    member.needed('password', 'a text of at most 1024 characters', 'The password of the user.'),
    member.optional(
      'withCode',
      'true or false',
      'Whether a code is to be asked for though the device is remembered: `acs:MFAPresent` is true with a code alone. ' +
        'False when absent.',
    ),
  ],
  codec: SignInBody,
  example: { userPrincipalName: 'alice@<uid>.onaliyun.com', password: '…' },
})

export const SIGN_IN_CODE = step({
  path: '/v1/sign-in/code',
  does: 'Goes on with signing in: shows a code of the MFA device of the user.',
  body: [TICKET, member.needed('code', CODE_RULE, 'What the device shows.'), SAVE_TICKET],
  codec: CodeBody,
  example: { ticket: '…', code: '123456' },
})

export const SIGN_IN_MFA_DEVICE = step({
  path: '/v1/sign-in/mfa-device',
  does:
    'Goes on with signing in, for a user who must have an MFA device and has none: two codes in a row of the seed ' +
    'that was told bind a device of it. Nothing else can be done with this ticket.',
  body: [
    TICKET,
    member.needed('authenticationCode1', CODE_RULE, 'What the device shows.'),
    member.needed('authenticationCode2', CODE_RULE, 'What it shows 30 seconds later.'),
    SAVE_TICKET,
  ],
  codec: MFADeviceBody,
  example: { ticket: '…', authenticationCode1: '123456', authenticationCode2: '654321' },
})

export const SIGN_IN_PASSWORD = step({
  path: '/v1/sign-in/password',
  does: 'Goes on with signing in: gives the user another password, where it must have one.',
  body: [
    TICKET,
    member.needed(
      'newPassword',
      'a text of at most 1024 characters',
      'As the password policy of the account demands, and none of the last passwords.',
    ),
  ],
  codec: NewPasswordBody,
  example: { ticket: '…', newPassword: '…' },
})

export const SIGNED_IN = {
  method: 'GET',
  about: {
    path: '/v1/sign-in/session',
    does: 'Tells who is signed in, by the cookie.',
    permission: null,
    query: [],
    body: null,
    shapes: { answer: SignedInAnswer },
    answer: {
      accountId: 'The account of the user.',
      userId: 'The user who signed in.',
      userName: 'How it is called now.',
      mfaPresent: 'Whether a code was shown, by a device that is bound still.',
      expiresAt: 'When it must sign in anew.',
    },
    example: {},
  },
} as const

export const SIGN_OUT = {
  method: 'POST',
  about: {
    path: '/v1/sign-out',
    does: 'Ends what the cookie stands for, everywhere, and clears the cookie.',
    permission: null,
    query: [],
    body: [],
    shapes: { answer: SignedOutAnswer, body: closed({}, {}, 'SignOutBody') },
    answer: { signedOut: 'Whether somebody was signed in.' },
    example: {},
  },
} as const

export const SIGN_IN_ROUTES = [
  SIGN_IN,
  SIGN_IN_CODE,
  SIGN_IN_MFA_DEVICE,
  SIGN_IN_PASSWORD,
  SIGNED_IN,
  SIGN_OUT,
] as const
