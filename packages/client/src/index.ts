/** The typed client of grantlog: questions, history and orders over HTTP. */
export type {
  AccessAsked,
  AccessQuestions,
  AccessWindow,
  ChosenRecording,
  PolicyChange,
  ReplayQuestion,
  UnusedQuestion,
} from './access.js'
export type { AccountQuestions } from './accounts.js'
export { type Client, type ClientOptions, openClient, type Product } from './client.js'
export type {
  EntitiesQuestion,
  EntitiesToPut,
  EntitiesToRemove,
  EntityQuestions,
} from './entities.js'
export { type ClientError, sentenceOf } from './errors.js'
export type { CallOptions } from './exchange.js'
export type {
  DiffQuestion,
  HistoryQuestions,
  Probe,
  WhatCanQuestion,
  WhoCanQuestion,
} from './history.js'
export type { Answer, Paths } from './paths.js'
export { queryOf } from './query.js'
export type {
  AskedContext,
  AskedDecision,
  DecideQuestion,
  ForwardedCall,
  Items,
  Moment,
  PageOptions,
  Question,
  Questions,
  TimelineSubject,
} from './questions.js'
export { DEFAULT_RETRIES, type RetrySettings } from './retry.js'
export { Problem } from './shapes/problem.js'
export { type Credentials, encodePercent, type Names, signedHeaders } from './sign.js'
