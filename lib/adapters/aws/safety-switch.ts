import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { formatSafetySwitch, parseSafetySwitch } from '../../drill/safety-switch.ts';
import type { SafetySwitch } from '../../ports/guardrails.ts';

/** A parameter of Systems Manager that holds `off`, `on` or `on: REASON`. */
export function parameterSwitch(ssm: SSMClient, parameter: string): SafetySwitch {
  return {
    parameter,
    async read() {
      try {
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
        return parseSafetySwitch(Parameter?.Value ?? '');
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return { kind: 'missing' };
        throw error;
      }
    },
    async set(state) {
      const Value = formatSafetySwitch(state);
      await ssm.send(new PutParameterCommand({ Name: parameter, Type: 'String', Value, Overwrite: true }));
    },
  };
}
