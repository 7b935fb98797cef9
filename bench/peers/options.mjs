// SPDX-License-Identifier: Apache-2.0
// The NAME=VALUE arguments of a comparison over their defaults; a name that there is not ends the program.
import { existsSync } from 'node:fs';

export function readOptions(defaults) {
  const options = { ...defaults };
  for (const argument of process.argv.slice(2)) {
    const [name, value] = argument.split(/=(.*)/s);
    if (!(name in options) || value === undefined) {
      console.error(`no option "${argument}"; there are ${Object.keys(options).join('=, ')}=`);
      process.exit(2);
    }
    options[name] = typeof options[name] === 'number' ? Number(value) : value;
  }
  if (!existsSync(options.data)) {
    console.error(`${options.data} is not there; say where the data lies with data=FOLDER (DATA=FOLDER for make)`);
    process.exit(2);
  }
  return options;
}

// How far it is, on a terminal and only there.
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
