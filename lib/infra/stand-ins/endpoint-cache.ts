/*
 * Stands in for the SDK's cache of endpoints that DynamoDB tells, which every client of DynamoDB makes. It remembers nothing:
 * there is something to remember only where `AWS_ENABLE_ENDPOINT_DISCOVERY` is set, and no function has it.
 */

export class EndpointCache {
  getEndpoint(): undefined {}

  get(): undefined {}

  set(): void {}

  delete(): void {}
}
