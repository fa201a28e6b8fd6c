import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));

/** What every function finds in its environment; the stack sets these together with the permissions that they need. */
const Environment = v.object({
  TABLE_NAME: text,
  BUCKET_NAME: text,
  TOPIC_ARN: text,
  /** Holds `plans/NAME.json`. Lambda sets it to where the function's code lies. */
  LAMBDA_TASK_ROOT: v.optional(text, '.'),
  DRILL_STATE_MACHINE_ARN: v.optional(text),
  WITNESS_STATE_MACHINE_ARN: v.optional(text),
  WATCHDOG_FUNCTION_ARN: v.optional(text),
  /** The function that seals, for the watchdog. */
  SEAL_FUNCTION_ARN: v.optional(text),
  /** The role with which the scheduler invokes the watchdog. */
  SCHEDULER_ROLE_ARN: v.optional(text),
  /** The group that schedules of the watchdog are in. */
  SCHEDULE_GROUP: v.optional(text, 'default'),
  /** Where the account-wide safety switch lies. */
  SAFETY_SWITCH_PARAMETER: v.optional(text, '/rollback-drills/safety-switch'),
  /** The environments whose plans may be drilled here, separated by commas. */
  ALLOWED_ENVIRONMENTS: v.optional(v.string(), ''),
  /** By kind of validation, the ARN of its function, as JSON. */
  VALIDATION_FUNCTION_ARNS: v.optional(v.pipe(v.string(), v.parseJson(), v.stringifyJson()), '{}'),
  /** ARNs of the functions between trigger and rollback call, separated by commas. */
  WARM_FUNCTION_ARNS: v.optional(v.string(), ''),
});

export type Environment = v.InferOutput<typeof Environment>;

export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = v.safeParse(Environment, variables);
  if (parsed.success) return parsed.output;
  const wrong = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join('; ');
  throw new Error(`the function's environment is incomplete: ${wrong}`);
}

/** Of this process. */
export function environment(): Environment {
  return readEnvironment(process.env);
}

/** Throws where a function asks for what its grants do not give it. */
export function needed(
  name:
    | 'DRILL_STATE_MACHINE_ARN'
    | 'WITNESS_STATE_MACHINE_ARN'
    | 'WATCHDOG_FUNCTION_ARN'
    | 'SEAL_FUNCTION_ARN'
    | 'SCHEDULER_ROLE_ARN',
): string {
  const value = environment()[name];
  if (value === undefined) throw new Error(`the function's environment has no ${name}`);
  return value;
}
