/** What was done with a credential, as answers show it. */
import type { SessionDeed } from '@grantlog/engine'
import { isoText } from './moment.js'

type Timed<Deed> = Deed extends { readonly call: infer Call }
  ? Omit<Deed, 'call'> & { readonly call: Omit<Call, 'time'> & { readonly time: string } }
  : Deed

/** With the time of a call as a text. */
export const shownDeed = (deed: SessionDeed): Timed<SessionDeed> =>
  deed.type === 'Called' ? { ...deed, call: { ...deed.call, time: isoText(deed.call.time) } } : deed
