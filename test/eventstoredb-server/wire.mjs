/**
 * The messages of EventStoreDB's gRPC protocol, made and read with the stubs that the official
 * client ships.
 *
 * A process that loads these stubs can't load another client's: both write the same globals.
 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const client = createRequire(require.resolve('@eventstore/db-client'))

/** The copy of grpc-js that the client uses. */
export const grpc = client('@grpc/grpc-js')

const generated = (name) => require(`@eventstore/db-client/generated/${name}.js`)

export const { StreamsService } = generated('streams_grpc_pb')
export const { ServerFeaturesService } = generated('serverfeatures_grpc_pb')
export const { GossipService } = generated('gossip_grpc_pb')
const { AppendResp, BatchAppendResp, ReadResp } = generated('streams_pb')
const { SupportedMethods, SupportedMethod } = generated('serverfeatures_pb')
const { ClusterInfo, EndPoint, MemberInfo } = generated('gossip_pb')
const shared = generated('shared_pb')
const { Status } = generated('status_pb')
const { Any } = client('google-protobuf/google/protobuf/any_pb.js')
const protobufEmpty = client('google-protobuf/google/protobuf/empty_pb.js')

const streamIdentifier = (name) => {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(name).toString('base64'))
  return identifier
}

export const nameOf = (identifier) => Buffer.from(identifier.getStreamName_asU8()).toString()

/** What Append and BatchAppend call an expected revision: they name the number differently. */
export const expectedOf = (options, revision) => {
  if (options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no-stream'
  if (options.hasStreamExists()) return 'stream-exists'
  return Number(revision)
}

/** Null for a message that a server refuses. */
export const proposedOf = (message) => {
  const id = message.getId()?.getString().toLowerCase() ?? ''
  const type = message.getMetadataMap().get('type') ?? ''
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) || type === '') return null
  return {
    id,
    type,
    contentType: message.getMetadataMap().get('content-type'),
    data: Buffer.from(message.getData_asU8()),
    metadata: Buffer.from(message.getCustomMetadata_asU8()),
  }
}

export const bytesOf = ({ type, data, metadata }) => data.length + metadata.length + 2 * type.length

export const appendSuccess = ({ revision, position }) => {
  const at = new AppendResp.Position()
  at.setCommitPosition(String(position))
  at.setPreparePosition(String(position))
  const success = new AppendResp.Success()
  success.setCurrentRevision(String(revision))
  success.setPosition(at)
  const response = new AppendResp()
  response.setSuccess(success)
  return response
}

export const appendConflict = (expected, current) => {
  const wrong = new AppendResp.WrongExpectedVersion()
  if (current < 0) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(current))
  if (expected === 'any') wrong.setExpectedAny(new shared.Empty())
  else if (expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty())
  else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new shared.Empty())
  else wrong.setExpectedRevision(String(expected))
  const response = new AppendResp()
  response.setWrongExpectedVersion(wrong)
  return response
}

const batchResponse = (correlationId, name) => {
  const response = new BatchAppendResp()
  response.setCorrelationId(correlationId)
  response.setStreamIdentifier(streamIdentifier(name))
  return response
}

export const batchSuccess = (correlationId, name, { revision, position }) => {
  const at = new shared.AllStreamPosition()
  at.setCommitPosition(String(position))
  at.setPreparePosition(String(position))
  const success = new BatchAppendResp.Success()
  success.setCurrentRevision(String(revision))
  success.setPosition(at)
  const response = batchResponse(correlationId, name)
  response.setSuccess(success)
  return response
}

const batchError = (correlationId, name, code, type, message) => {
  const details = new Any()
  details.pack(message.serializeBinary(), `event_store.client.${type}`)
  const status = new Status()
  status.setCode(code)
  status.setMessage(type)
  status.setDetails(details)
  const response = batchResponse(correlationId, name)
  response.setError(status)
  return response
}

export const batchConflict = (correlationId, name, expected, current) => {
  const empty = () => new protobufEmpty.Empty()
  const wrong = new shared.WrongExpectedVersion()
  if (current < 0) wrong.setCurrentNoStream(empty())
  else wrong.setCurrentStreamRevision(String(current))
  if (expected === 'any') wrong.setExpectedAny(empty())
  else if (expected === 'no-stream') wrong.setExpectedNoStream(empty())
  else if (expected === 'stream-exists') wrong.setExpectedStreamExists(empty())
  else wrong.setExpectedStreamPosition(String(expected))
  return batchError(correlationId, name, 9, 'WrongExpectedVersion', wrong)
}

export const batchTooLarge = (correlationId, name, limit) => {
  const exceeded = new shared.MaximumAppendSizeExceeded()
  exceeded.setMaxappendsize(limit)
  return batchError(correlationId, name, 3, 'MaximumAppendSizeExceeded', exceeded)
}

export const batchBadRequest = (correlationId, name, text) => {
  const bad = new shared.BadRequest()
  bad.setMessage(text)
  return batchError(correlationId, name, 3, 'BadRequest', bad)
}

export const batchTimeout = (correlationId, name) =>
  batchError(correlationId, name, 4, 'Timeout', new shared.Timeout())

export const readEvent = (event) => {
  const id = new shared.UUID()
  id.setString(event.id)
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
  recorded.setId(id)
  recorded.setStreamIdentifier(streamIdentifier(event.stream))
  recorded.setStreamRevision(String(event.revision))
  recorded.setCommitPosition(String(event.position))
  recorded.setPreparePosition(String(event.position))
  recorded.getMetadataMap().set('type', event.type)
  recorded.getMetadataMap().set('content-type', event.contentType)
  recorded.getMetadataMap().set('created', event.created)
  recorded.setData(event.data)
  recorded.setCustomMetadata(event.metadata)
  const read = new ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  const response = new ReadResp()
  response.setEvent(read)
  return response
}

export const streamNotFound = (name) => {
  const missing = new ReadResp.StreamNotFound()
  missing.setStreamIdentifier(streamIdentifier(name))
  const response = new ReadResp()
  response.setStreamNotFound(missing)
  return response
}

export const confirmation = (id) => {
  const confirmed = new ReadResp.SubscriptionConfirmation()
  confirmed.setSubscriptionId(id)
  const response = new ReadResp()
  response.setConfirmation(confirmed)
  return response
}

export const checkpoint = (position) => {
  const reached = new ReadResp.Checkpoint()
  reached.setCommitPosition(String(position))
  reached.setPreparePosition(String(position))
  const response = new ReadResp()
  response.setCheckpoint(reached)
  return response
}

export const caughtUp = () => {
  const response = new ReadResp()
  response.setCaughtUp(new ReadResp.CaughtUp())
  return response
}

export const fellBehind = () => {
  const response = new ReadResp()
  response.setFellBehind(new ReadResp.FellBehind())
  return response
}

export const supportedMethods = (withBatch) => {
  const methods = new SupportedMethods()
  methods.setEventStoreServerVersion('24.10.0')
  for (const name of ['Append', 'Read', ...(withBatch ? ['BatchAppend'] : [])]) {
    const method = new SupportedMethod()
    method.setServiceName('event_store.client.streams.Streams')
    method.setMethodName(name)
    methods.addMethods(method)
  }
  return methods
}

/** One member, which leads. */
export const clusterOfOne = (host, port) => {
  const endPoint = new EndPoint()
  endPoint.setAddress(host)
  endPoint.setPort(port)
  const member = new MemberInfo()
  const id = new shared.UUID()
  id.setString('00000000-0000-4000-8000-000000000001')
  member.setInstanceId(id)
  member.setState(MemberInfo.VNodeState.LEADER)
  member.setIsAlive(true)
  member.setHttpEndPoint(endPoint)
  const cluster = new ClusterInfo()
  cluster.addMembers(member)
  return cluster
}

/** An error as the server reports it: a status, and what the client reads from the trailers. */
export const failure = (code, details, trailers = {}) => {
  const metadata = new grpc.Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return { code, details, metadata }
}
