/** The door to NATS: hints, questions, the feed and claims of nonces; never the truth. */
export { CloudEvent, decodeCloudEvent } from './cloud-event.js'
export { FEED_STREAM, type NatsFeedOptions, natsFeed } from './feed.js'
export { natsHints } from './hints.js'
export { ISSUE_REQUEST_MS_MAX, natsIssueRequests } from './issue-requests.js'
export { type NatsLink, type NatsLinkEvent, type NatsLinkOptions, natsLink } from './link.js'
export { type NonceClaimsOptions, natsNonceClaims } from './nonce-claims.js'
export { EVENT_SUBJECTS } from './subjects.js'
