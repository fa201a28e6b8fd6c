import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import type { Service } from '@aws-sdk/client-ecs';
import { digestOf } from '../../../drill/digest.ts';
import * as ofService from '../ecs/path-fingerprint.ts';

/** The structure of the pipeline, by its version, and how the service behind it is set up. */
export function pathFingerprint({ name, version }: PipelineDeclaration, service: Service): string {
  return digestOf({ name, version, service: ofService.pathFingerprint(service) });
}
