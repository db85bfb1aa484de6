import { addExamples, type DefineCommand } from '../command.js';
import { acceptAgplOption, type ConsentFlags } from '../consent.js';

export const definePull: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models pull yolov8n')
    .addOption(acceptAgplOption())
    .action(async (name: string | undefined, flags: ConsentFlags) => {
      const { runPull } = await import('../models/run-catalogue.js');
      await runPull(await createApp(flags), name);
    });
};

export const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models list --json').action(async () => {
    const { runList } = await import('../models/run-catalogue.js');
    await runList(await createApp());
  });
};
