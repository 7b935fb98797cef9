// SPDX-License-Identifier: Apache-2.0
/* Many visitors at once, over the wire, and what a page makes of them. */

const AT_ONCE = 50;

/* `count` conversations that the bot answers, each left after one question. */
export async function crowd(server, count) {
	for (let from = 0; from < count; from += AT_ONCE) {
		await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, async (_, i) => {
			const visitor = await server.visitor({ lang: "en" });
			await visitor.say(`wheres my parcel ${from + i}`);
			await visitor.close();
		}));
	}
}

/* One conversation that `agent` has, of `count` messages; the visitor, connected. */
export async function flood(server, agent, count) {
	const visitor = await server.visitor({ lang: "en" });
	await visitor.say("the long one begins");
	const { conversation } = await agent.any(({ type, text }) => type === "event" && text === "the long one begins", "the long one");
	await agent.does({ type: "claim", conversation });
	for (let sent = 0; sent < count; sent += AT_ONCE) {
		await Promise.all(Array.from({ length: AT_ONCE }, (_, i) =>
			visitor.say(`line ${sent + i} of a very long conversation`, `c${sent + i}`)));
	}
	return visitor;
}

/* One visitor of an ordinary hour: asks the bot twice, then a person; `agent` answers, notes, tags, passes it on or not,
 * and closes. What each says carries `mark`. */
export async function episode(server, agent, mark) {
	const visitor = await server.visitor({ lang: "en", page: { url: `https://shop.example/${mark}`, title: `Page ${mark}` } });
	await visitor.reply(await visitor.say(`wheres my parcel ${mark}`));
	await visitor.reply(await visitor.say(`how long does delivery take ${mark}`));
	visitor.send({ type: "person", client_id: "person" });
	await visitor.acked("person");
	await visitor.say(`nobody told me anything ${mark}`);
	const { conversation } = await agent.any(({ type, text }) => type === "event" && text === `nobody told me anything ${mark}`, "its event");
	visitor.send({ type: "typing" });
	await agent.does({ type: "claim", conversation });
	agent.send({ type: "typing", conversation });
	await agent.does({ type: "message", conversation, text: `I look into it, ${mark}` });
	await agent.does({ type: "note", conversation, text: `Carrier called about ${mark}` });
	await agent.does({ type: "tag", conversation, tag: "parcel" });
	await visitor.say(`thank you ${mark}`);
	visitor.send({ type: "read", seq: visitor.events.at(-1).seq });
	await agent.does({ type: "message", conversation, text: `You are welcome, ${mark}` });
	await agent.does({ type: "close", conversation });
	await visitor.close();
	agent.frames.length = 0;
	return conversation;
}

/* What a page holds and has done so far. `collect`: after its garbage is thrown away. */
export async function pageWork(session, { collect = false } = {}) {
	await session.send("Performance.enable");
	/* The first pass frees what the second finds without an owner. */
	for (let pass = 0; collect && pass < 2; pass++) await session.send("HeapProfiler.collectGarbage");
	const { metrics } = await session.send("Performance.getMetrics");
	const of = (name) => metrics.find((each) => each.name === name).value;
	return {
		nodes: of("Nodes"), listeners: of("JSEventListeners"), heap: of("JSHeapUsedSize"), layouts: of("LayoutCount"), styles: of("RecalcStyleCount"),
	};
}
