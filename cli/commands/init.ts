import { addExamples, type DefineCommand } from '../command.js';

export const defineInit: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'init').action(async () => {
    const { settingsInUse } = await import('../connect.js');
    const { initialise } = await import('../initialise.js');
    const { config, out } = await createApp();
    const steps: string[] = [];
    await initialise(await settingsInUse(config), (message) => {
      steps.push(message);
      out.step(message);
    });
    out.result({ steps }, 'Ready.');
  });
};
