import type { Entry } from '../../../drill/entry.ts';
import type { Plan } from '../../../drill/plan/plan.ts';
import { serviceOf } from '../../../drill/service.ts';
import type { Plans } from '../../../ports/drills.ts';
import type { Migrations, PathReader, TargetFor } from '../../../ports/target.ts';
import type { Probe } from '../../../ports/witness.ts';
import { systemClock as clock } from '../../clock.ts';
import { smokeProbe } from '../../http/smoke-probe.ts';
import * as clients from '../clients.ts';
import { capture as capturePipeline } from '../codepipeline/capture.ts';
import {
  deployCommand as commandToPipeline,
  deployKnownBad as deployToPipeline,
  findKnownBad as findInPipeline,
} from '../codepipeline/deploy.ts';
import { observe as observePipeline } from '../codepipeline/observe.ts';
import { recheck as recheckPipeline } from '../codepipeline/recheck.ts';
import {
  rollbackCommand as commandBackPipeline,
  rollBack as rollBackPipeline,
} from '../codepipeline/rollback.ts';
import { resources as resourcesOfPipeline } from '../codepipeline/service.ts';
import { steering as steeringOfPipeline } from '../codepipeline/steering.ts';
import type { Pipeline } from '../codepipeline/target.ts';
import { tidyUp as tidyUpPipeline } from '../codepipeline/tidy-up.ts';
import { capture as captureService, recheck as recheckService } from '../ecs/capture.ts';
import {
  deployCommand as commandToService,
  deployKnownBad as deployToService,
  findKnownBad as findInService,
  tidyUp as tidyUpService,
} from '../ecs/known-bad.ts';
import { observe as observeService, steering as steeringOfService } from '../ecs/observe.ts';
import { rollbackCommand as commandBackService, rollBack as rollBackService } from '../ecs/rollback.ts';
import { type EcsService, resources as resourcesOfService } from '../ecs/target.ts';
import { awsMigrations } from '../migrations/migrations.ts';
import { deployedPath } from '../path-now.ts';

/** The pipeline of a plan; `null` when its releases go through none. */
export function pipelines(ecs = clients.ecs()): (plan: Plan) => Pipeline | null {
  let codePipeline: Pipeline['codePipeline'] | undefined;
  return ({ target }) => {
    if (target.kind !== 'codepipeline') return null;
    codePipeline ??= clients.codePipeline();
    return { codePipeline, ecs, clock, target };
  };
}

/** The service of a plan; behind a pipeline that it does not name, the one that the drill of this journal has locked. */
export function services(ecs = clients.ecs()): (plan: Plan, journal?: readonly Entry[]) => EcsService {
  return (plan, journal = []) => {
    const found = serviceOf(plan, journal);
    if (found) return { ecs, clock, ...found };
    throw new Error(
      `plan ${plan.name} does not say which service its pipeline deploys to; add target.codepipeline.ecs: { cluster, service }`,
    );
  };
}

export function migrations(): Migrations {
  return awsMigrations({ ecs: clients.ecs(), lambda: clients.lambdaPatiently(), clock });
}

/** What the rollback path of each of these plans is now. */
export function pathReader(from: Plans): PathReader {
  return deployedPath(from, { service: services(), pipeline: pipelines() });
}

export function probes(): (plan: Plan) => Probe {
  return (plan) => smokeProbe(plan.smoke, clock);
}

/* One thing that is asked of targets at a time: what acts on them is large, and most functions only look at them. */

export function lockedTargets(): TargetFor<'resources'> {
  const resources = asked(resourcesOfPipeline, resourcesOfService);
  return (plan) => ({ resources: resources(plan) });
}

export function capturedTargets(): TargetFor<'capture'> {
  const capture = asked(capturePipeline, captureService);
  return (plan) => ({ capture: capture(plan) });
}

export function recheckedTargets(): TargetFor<'recheck'> {
  const recheck = asked(recheckPipeline, recheckService);
  return (plan) => ({ recheck: recheck(plan) });
}

export function observedTargets(): TargetFor<'observe'> {
  const observe = asked(observePipeline, observeService);
  return (plan) => ({ observe: observe(plan) });
}

export function tidiedTargets(): TargetFor<'tidyUp'> {
  const tidyUp = asked(tidyUpPipeline, tidyUpService);
  return (plan) => ({ tidyUp: tidyUp(plan) });
}

export function deployedTargets(): TargetFor<'deployCommand' | 'deployKnownBad'> {
  const deployCommand = asked(commandToPipeline, commandToService);
  const deployKnownBad = asked(deployToPipeline, deployToService);
  return (plan) => ({ deployCommand: deployCommand(plan), deployKnownBad: deployKnownBad(plan) });
}

export function rolledBackTargets(): TargetFor<'steering' | 'rollbackCommand' | 'rollBack'> {
  const steering = asked(steeringOfPipeline, steeringOfService);
  const rollbackCommand = asked(commandBackPipeline, commandBackService);
  const rollBack = asked(rollBackPipeline, rollBackService);
  return (plan) => ({
    steering: steering(plan),
    rollbackCommand: rollbackCommand(plan),
    rollBack: rollBack(plan),
  });
}

/** All that brings a target back, for whoever has taken its drill over. */
export function restoredTargets(): TargetFor<
  'observe' | 'findKnownBad' | 'steering' | 'rollbackCommand' | 'rollBack'
> {
  const [observed, rolledBack] = [observedTargets(), rolledBackTargets()];
  const findKnownBad = asked(findInPipeline, findInService);
  return (plan) => ({ ...observed(plan), ...rolledBack(plan), findKnownBad: findKnownBad(plan) });
}

function asked<Arguments extends readonly unknown[], Answer>(
  ofPipeline: (pipeline: Pipeline, ...rest: Arguments) => Answer,
  ofService: (service: EcsService, ...rest: Arguments) => Answer,
): (plan: Plan) => (...rest: Arguments) => Answer {
  const ecs = clients.ecs();
  const [service, pipeline] = [services(ecs), pipelines(ecs)];
  return (plan) => {
    const through = pipeline(plan);
    return (...rest) => (through ? ofPipeline(through, ...rest) : ofService(service(plan), ...rest));
  };
}
