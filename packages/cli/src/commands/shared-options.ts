/** The options that every command takes. */
import { FORMATS } from '../output/format.js'
import type { OptionAbout } from './command.js'

export const SHARED_OPTIONS: ReadonlyArray<OptionAbout> = [
  {
    flag: '-o, --output <format>',
    meaning: 'table (default), json, jsonl, csv or yaml',
    choices: FORMATS,
  },
  { flag: '--endpoint <url>', meaning: 'the server (default: http://127.0.0.1:7070)' },
  { flag: '--profile <name>', meaning: 'a profile of the file of profiles' },
  { flag: '--credentials <file>', meaning: 'a file with an AccessKey, as the server writes it' },
  { flag: '--insecure', meaning: 'permit http to a server that is not on this machine' },
  { flag: '--timeout <seconds>', meaning: 'wait so long for an answer (default: 30)' },
  { flag: '--reason <text>', meaning: 'why the call is made; kept with what it records' },
  { flag: '--ticket <text>', meaning: 'the ticket it is made for; kept with what it records' },
  { flag: '--at-least <token>', meaning: 'a consistency token: the answer is at least as fresh' },
]
