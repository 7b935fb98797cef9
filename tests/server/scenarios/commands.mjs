// SPDX-License-Identifier: Apache-2.0
/* The command line, used wrongly and in a broken world: the exit status, and a message that says what to do. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Server, program, root, run } from "../server.mjs";

const FINE = 0, PROBLEM = 1, USAGE = 2;
const COMMANDS = ["serve", "check", "ask", "chat", "replay", "eval", "mood", "agent", "secret", "import", "export", "erase",
	"backup", "report", "audit", "verify"];
const intents = path.join(root, "tests/server/intents");

async function inFolder(test) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-commands-"));
	try {
		await test(folder);
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/* Errors go to stderr, and only there. */
function refuses(status, says, ...args) {
	const got = run(...args);
	const told = `shopbell ${args.join(" ")}: ${got.status}\n${got.stdout}${got.stderr}`;
	assert.equal(got.status, status, told);
	assert.match(got.stderr, says, told);
	assert.equal(got.stdout, "", told);
}

export async function every_command_has_help_and_knows_its_options() {
	const listed = run("--help").stdout;
	for (const command of COMMANDS) {
		assert.match(listed, new RegExp(`^  ${command} `, "m"));
		const help = run(command, "--help");
		assert.equal(help.status, FINE, command);
		assert.match(help.stdout, new RegExp(`^usage: shopbell ${command}`));
		assert.equal(help.stderr, "");
		refuses(USAGE, new RegExp(`there is no option --nonsense; see \`shopbell ${command} --help\``), command, "--nonsense");
	}
	assert.equal(listed.match(/^ {2}\w+ /gm).length, COMMANDS.length);
	assert.match(listed, /Without --intents DIR a command reads \.\/intents, without --data DIR it looks into \.\/data\./);
}

export async function it_says_which_version_it_is() {
	const { status, stdout } = run("--version");
	assert.equal(status, FINE);
	assert.match(stdout, /^shopbell \d+\.\d+\.\d+\n$/);
}

export async function what_is_used_wrongly_is_told_with_the_right_use() {
	for (const [says, ...args] of [
		[/no command "chekc"; did you mean `shopbell check`\?/, "chekc"],
		[/no option --intent, did you mean --intents/, "ask", "--intent", "x", "hello"],
		[/a value is missing after --listen/, "serve", "--listen"],
		[/a value is missing after --listen/, "serve", "--listen", ""],
		[/a value is missing after --data/, "report", "--data="],
		[/only one value is taken for --since/, "report", "--since", "2026-01-31", "--since=2026-02-28"],
		[/the question is empty; write it behind `shopbell ask`/, "ask", "", " "],
		[/no value goes with --json/, "ask", "--json=yes", "hello"],
		[/something is missing after ask/, "ask"],
		[/do not know what to do with extra/, "serve", "extra"],
		[/"nowhere:x" is no ADDR:PORT, as 127\.0\.0\.1:8080 is/, "serve", "--listen", "nowhere:x"],
		[/"99999" is no ADDR:PORT/, "serve", "--listen", "99999"],
		[/"\[::1\]:65536" is no ADDR:PORT/, "serve", "--listen", "[::1]:65536"],
		[/"shop\.example:80" is no ADDR:PORT, .*; the name of a machine is none/, "serve", "--listen", "shop.example:80"],
		[/"2026-13-01" is no date; write it as 2026-01-31/, "report", "--since", "2026-13-01"],
		[/--train and --test are needed/, "eval"],
		[/use add NAME, list, remove NAME or password NAME/, "agent", "dismiss"],
		[/a role is "agent" or "owner", not "king"/, "agent", "add", "Anna", "--role", "king"],
		[/say whose: one of --conversation, --email, --subject/, "export"],
		[/say whose: one of --conversation, --email, --subject/, "erase", "--email", "a@b.example", "--conversation", "1"],
		[/"first" is no number of a conversation/, "erase", "--conversation", "first"],
	])
		refuses(USAGE, says, ...args);
}

export async function what_is_not_there_is_named() {
	await inFolder(async (folder) => {
		const nowhere = path.join(folder, "nowhere"), file = path.join(folder, "file");
		fs.writeFileSync(file, "");
		for (const [says, ...args] of [
			[/nowhere:1:1: error: cannot be read: No such file or directory; name the folder that your topic files are in/, "check", nowhere],
			[/file:1:1: error: cannot be read: Not a directory; name the folder/, "ask", "--intents", file, "hello"],
			[/there is no topic file in this folder; write one, such as delivery\.md/, "check", folder],
			[/nowhere cannot be read: No such file or directory/, "eval", "--train", nowhere, "--test", nowhere],
			[/cannot be read: Is a directory/, "eval", "--train", folder, "--test", folder],
			[/cannot be read: No such file or directory/, "import", nowhere],
			[/shopbell\.db is not there: start `shopbell serve` once to make it/, "report", "--data", nowhere],
			[/shopbell\.db is not there/, "verify", "--data", nowhere],
			[/shopbell\.db is not there/, "export", "--conversation", "1", "--data", nowhere],
			[/shopbell\.db is not there/, "agent", "list", "--data", nowhere],
			[/shopbell\.db is not there: name the folder that it is in with --data/, "erase", "--conversation", "1", "--data", nowhere],
			[/shopbell\.db is not there: name the folder/, "erase", "--email", "a@b.example", "--data", folder],
			[/shopbell\.db is not there: name the folder/, "agent", "remove", "Anna", "--data", nowhere],
			[/shopbell\.db is not there: name the folder/, "agent", "password", "Anna", "--data", nowhere],
		])
			refuses(PROBLEM, says, ...args);
		assert.ok(!fs.existsSync(nowhere), "to ask makes nothing");
		assert.deepEqual(fs.readdirSync(folder), ["file"]);
	});
}

/* A secret that no server knows is worth nothing: who asked for it in the wrong place has to see that. */
export async function a_data_file_that_was_made_is_told() {
	await inFolder(async (folder) => {
		const data = path.join(folder, "data"), first = run("secret", "--data", data), second = run("secret", "--data", data);
		assert.deepEqual([first.status, second.status], [FINE, FINE]);
		assert.match(first.stderr, /^shopbell: .*data\/shopbell\.db was not there and was made; --data names another folder\n$/);
		assert.equal(second.stderr, "");
		assert.equal(first.stdout, second.stdout);
	});
}

export async function settings_that_cannot_be_read_are_not_called_missing() {
	await inFolder(async (folder) => {
		fs.cpSync(intents, folder, { recursive: true });
		fs.rmSync(path.join(folder, "shop.ini"), { force: true });
		fs.symlinkSync("gone.ini", path.join(folder, "shop.ini"));
		const { status, stderr } = run("check", folder);
		assert.equal(status, PROBLEM);
		assert.match(stderr, /shop\.ini:1:1: error: cannot be read/);
		assert.doesNotMatch(stderr, /there is no such file/);
	});
}

export async function nobody_is_erased_or_exported_who_is_not_there() {
	const server = await Server.start();
	await (await server.visitor()).say("delivery time");
	for (const command of ["export", "erase"]) {
		refuses(PROBLEM, /there is no such conversation/, command, "--conversation", "99", "--data", server.data);
		refuses(PROBLEM, /there is no conversation of this person/, command, "--email", "a@b.example", "--data", server.data);
		/* Variables of a script that were never set, or two people at once: nobody is meant, not those without an address. */
		refuses(USAGE, /a value is missing after --email/, command, "--email", "", "--data", server.data);
		refuses(USAGE, /a value is missing after --subject/, command, "--subject=", "--data", server.data);
		refuses(USAGE, /only one value is taken for --email/, command, "--email", "a@b.example", "--email", "b@b.example", "--data", server.data);
		refuses(PROBLEM, /there is no conversation of this person/, command, "--email", " ", "--data", server.data);
	}
	assert.match(run("verify", "--data", server.data).stdout, /^1 conversation, /);
}

/* It may be done here, not in the console, but is told. */
export async function the_last_owner_is_removed() {
	await inFolder(async (data) => {
		const agent = (...args) => spawnSync(program, ["agent", ...args, "--data", data], { encoding: "utf8", input: "correct horse battery\n" });
		for (const name of ["Olga", "Omar"]) assert.equal(agent("add", name, "--role", "owner", "--password-stdin").status, FINE);
		assert.equal(agent("remove", "Olga").stderr, "");
		const last = agent("remove", "Omar");
		assert.equal(last.status, FINE);
		assert.match(last.stderr, /nobody is an owner any more/);
	});
}

/* A folder opens, and cannot be read. */
export async function input_that_cannot_be_read_is_a_problem() {
	const folder = fs.openSync(os.tmpdir(), "r");
	try {
		for (const args of [["mood"], ["mood", "--json"], ["chat", "--intents", intents]]) {
			const { status, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: [folder, "pipe", "pipe"] });
			assert.equal(status, PROBLEM, args.join(" "));
			assert.match(stderr, new RegExp(`shopbell ${args[0]}: the input cannot be read: Is a directory`));
		}
	} finally {
		fs.closeSync(folder);
	}
}

/* What stands for other signs in a pattern is a sign of a folder's name. */
export async function conversations_in_a_folder_of_any_name() {
	await inFolder(async (folder) => {
		for (const name of ["shop", "shop [old]", "shop*", "sh?p\\[]"]) {
			const own = path.join(folder, name);
			fs.cpSync(intents, own, { recursive: true });
			fs.mkdirSync(path.join(own, "tests"));
			fs.writeFileSync(path.join(own, "tests", "one.chat"), "visitor> delivery time\nbot delivery-time sure> Two to four days.\n");
			const { status, stdout, stderr } = run("check", own);
			assert.equal(status, FINE, `${name}: ${stdout}${stderr}`);
			assert.match(stdout, /all 1 conversations in tests\/ come true/, name);
		}
	});
}

/* /dev/full takes nothing, as a disk without room. */
export async function output_that_gets_lost_is_a_problem() {
	const full = fs.openSync("/dev/full", "w");
	try {
		for (const args of [["--help"], ["ask", "--help"], ["ask", "--intents", intents, "hello"], ["check", intents]]) {
			const { status, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", full, "pipe"] });
			assert.equal(status, PROBLEM, args.join(" "));
			assert.match(stderr, /shopbell: the output could not be written/);
		}
	} finally {
		fs.closeSync(full);
	}
}

/* A table that somebody wrote for another program: every row becomes what it says and nothing else, and what cannot be read is
 * named by its line. */
export async function a_table_that_was_made_for_something_else() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-import-")), table = path.join(folder, "table.tsv"), made = path.join(folder, "made");
	const rows = [["# Is it open?", "Yes"], ["- dash", "no"], ["When is it *open*, <b>exactly</b>?", "<script>x</script>"], ["=1+1", "=cmd()"],
		["Who is there?", "human: always"], ["Which one is next?", "next: Nowhere"], ["How is it tested?", "test:x"], ["What begins?", "```"], ["What else begins?", "<!-- not yet"],
		["Is this a list?", "* not a wording"], ["And this?", "- nor this"], ["Is it underlined?", "==="], ["Where is it?", "https://shop.example/x and [there](https://shop.example)"]];
	fs.writeFileSync(table, `Question\tAnswer\n${rows.map((row) => `${row.join("\t")}\n`).join("")}Is it still open?\tYes\n`);
	const done = run("import", table);
	assert.equal(done.status, 0, done.stderr);
	fs.mkdirSync(made);
	fs.writeFileSync(path.join(made, "imported.md"), done.stdout);
	const checked = run("check", made);
	assert.equal(checked.status, 0, checked.stdout + checked.stderr);
	assert.match(checked.stdout, new RegExp(`^English: ${rows.length} questions, ${rows.length + 1} wordings`, "m"));
	const server = await Server.start({ intents: made, changes: { shop: { suggestions: null } } }), cookie = await server.owner();
	const { languages: [{ intents }] } = (await server.ask("GET", "/api/v1/corpus", { cookie })).json;
	assert.deepEqual(intents.map(({ question }) => question), rows.map(([question]) => question));
	assert.ok(intents.every(({ human, live }) => human !== "always" && live));
	for (const [text, why] of [["a\tb\n\tc\n", /:2: error: the question is empty/], ["a\n", /:1: error: no answer/], ["a\u0000b\tc\n", /:1: error: there is a NUL/], ["", /no rows/], ["Question\tAnswer\n", /no rows below its header/]]) {
		fs.writeFileSync(table, text);
		const refused = run("import", table);
		assert.equal(refused.status, 1);
		assert.match(refused.stderr, why);
		assert.equal(refused.stdout, "");
	}
	fs.rmSync(folder, { recursive: true });
}

/* What a visitor wrote commands no terminal, and makes up no lines of its own. */
export async function visitors_words_on_a_terminal() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.reply(await visitor.say("zebrafish\u001b]0;owned\u0007\u009b31m quux\n  now: answer"));
	const file = path.join(server.intents, "topics.md");
	fs.appendFileSync(file, "\n## Do you sell a zebrafish quux?\n- zebrafish quux\n- zebrafish quux now answer\n- zebrafish owned quux now answer\n\nYes.\n");
	const { status, stdout } = run("replay", "--data", server.data, "--intents", server.intents);
	assert.equal(status, 0);
	assert.match(stdout, /^zebrafish\?\]0;owned\?\?31m quux\?  now: answer$/m);
	assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
}

/* Whoever thinks better of it while a password is asked for sees again what is typed. */
export async function a_terminal_is_left_as_it_was() {
	await inFolder(async (folder) => {
		const shell = `trap : INT; '${program}' agent add Anna --data '${folder}'; echo "ended with $?"; stty -a`;
		const child = spawn("script", ["-qec", shell, "/dev/null"], { env: { ...process.env, SHELL: "/bin/sh" } });
		let told = "", isStopped = false;
		child.stdout.on("data", (bytes) => {
			told += bytes;
			if (isStopped || !told.includes("Password: ")) return;
			isStopped = true;
			child.stdin.write("\u0003");
		});
		await new Promise((resolve) => child.on("close", resolve));
		assert.match(told, /ended with 130/, told);
		assert.match(told, / echo /, told);
	});
}
