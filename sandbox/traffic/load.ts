import { type Attempt, type Shoppers, startShoppers } from './shoppers.ts';
import { type TeamMetric, teamMetrics } from './team-metrics.ts';

const METRICS: Readonly<Record<Attempt, TeamMetric>> = { login: 'LoginFailure', checkout: 'OrderFailure' };

/** Shoppers, and the metrics that the shop's team puts about them. */
export function startLoad(options: {
  readonly edgeUrl: string;
  /** Whom the metrics are put to. */
  readonly environment: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly putEveryMs?: number;
}): Shoppers {
  const { edgeUrl, environment, perSecond, putEveryMs } = options;
  const metrics = teamMetrics(environment, putEveryMs);
  const shoppers = startShoppers({
    edgeUrl,
    perSecond,
    answered: (what, succeeded) => metrics.attempted(METRICS[what], !succeeded),
  });
  return {
    async stop() {
      metrics.stop();
      await shoppers.stop();
    },
  };
}
