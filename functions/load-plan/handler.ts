import { journal, plans } from '../../lib/adapters/aws/wiring/records.ts';
import { LoadPlanInput, loadPlan } from '../../lib/steps/load-plan.ts';
import { lambda } from '../stack.ts';

const ports = { plans: plans(), journal: journal() };

export const handler = lambda(LoadPlanInput, (input) => loadPlan(ports, input));
