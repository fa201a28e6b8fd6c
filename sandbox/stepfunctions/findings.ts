import { AwsError } from '../aws/protocol.ts';

export type FindingCode =
  | 'INVALID_JSON_DESCRIPTION'
  | 'SCHEMA_VALIDATION_FAILED'
  | 'MISSING_TRANSITION_TARGET'
  | 'MISSING_END_STATE'
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_JSONATA_EXPRESSION';

/** Notes what is wrong with a definition; `at` is a path such as `/States/Plan/Next`. */
export type Report = (at: string, message: string, code?: FindingCode) => void;

const SHOWN = 10;

/** Throws `InvalidDefinition` with all that `check` reports, in AWS's form. */
export function refuseFindings(check: (report: Report) => void): void {
  const findings: string[] = [];
  check((at, message, code = 'SCHEMA_VALIDATION_FAILED') => {
    findings.push(`${code}: ${message}${at === '' ? '' : ` at ${at}`}`);
  });
  if (findings.length === 0) return;
  const more = findings.length > SHOWN ? ` and ${findings.length - SHOWN} more` : '';
  const text = findings.slice(0, SHOWN).join(', ');
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${text}${more}'`);
}
