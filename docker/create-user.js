// Run once by the image, before access control is on: the bot's own user, which may use its database alone.
const database = process.env.SERVERSTATS_DATABASE || "serverstats";
db.getSiblingDB("serverstats").createUser({
  user: "serverstats",
  pwd: process.env.BOT_PASSWORD,
  roles: ["readWrite", "dbAdmin"].map((role) => ({ role, db: database })),
});
