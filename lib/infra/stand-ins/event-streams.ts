/*
 * Stands in for the SDK's encoding of event streams, which every client brings along and no operation that we call has.
 * Clients ask for its parts when they are made, and use them when there is a stream.
 */

export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export function eventStreamSerdeProvider(): object {
  return {};
}

export class EventStreamSerde {
  constructor() {
    throw new Error(
      'Bundles hold no encoding of event streams, and this operation has one: take lib/infra/stand-ins/event-streams.ts out of lib/infra/bundle.ts.',
    );
  }
}
