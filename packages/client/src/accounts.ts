/** The path of accounts by name, typed: for the first account of a deployment. */
import type { CallOptions } from './exchange.js'
import type { Answer, Paths } from './paths.js'
import { queryOf } from './query.js'
import type { Items, PageOptions } from './questions.js'
import { AccountsAnswer, OpenedAccountAnswer, ShownAccount } from './shapes/accounts.js'

export type AccountQuestions = {
  readonly accounts: (page?: PageOptions, options?: CallOptions) => Answer<AccountsAnswer>
  readonly eachAccount: (options?: CallOptions) => Items<ShownAccount>
  /** The secret of the new root's key is in the answer, and nowhere else. */
  readonly openAccount: (options?: CallOptions) => Answer<OpenedAccountAnswer>
}

const PATH = '/v1/accounts'

export const accountQuestionsOn = ({ get, order, each }: Paths): AccountQuestions => ({
  accounts: (page = {}, options) => get(PATH, queryOf(page), AccountsAnswer, options),
  eachAccount: (options) => each(PATH, {}, ShownAccount, options),
  openAccount: (options) => order(PATH, {}, OpenedAccountAnswer, options),
})
