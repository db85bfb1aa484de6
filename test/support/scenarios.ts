import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';
import type { SealedScenario } from '../../domain/stream/scenario-contracts.js';
import { parseScenarioInput } from '../../domain/stream/scenario-input.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';

/** A checked scenario with the default parameters. */
export function sealedScenario(fields: Partial<SealedScenario> = {}): SealedScenario {
  const { camera_url: _, ...scenario } = parseScenarioInput({
    ...{ scenario_uuid: UUID, camera_id: 'gate-north' },
    ...fields,
  });
  return { ...scenario, camera_id: scenario.camera_id! }; // parsed with a camera_id
}

/** The document of a running scenario. */
export function scenarioDocument(fields: Partial<ScenarioDocument> = {}): ScenarioDocument {
  const scenario_uuid = fields.scenario_uuid ?? UUID;
  return {
    ...{ scenario_uuid, scenario: sealedScenario({ scenario_uuid }), camera: 'rtsp://10.0.0.7' },
    ...{ fingerprint: 'f', model: { name: 'mock', version: 1, sha256: 'a'.repeat(64) } },
    ...{ run_id: 'run', created_at: new Date(Date.UTC(2001, 0, 1)), end: null },
    ...fields,
  };
}
