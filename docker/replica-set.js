// Health check: healthy is a node that takes writes. A set that was never initiated is initiated on the way.
const NOT_YET_INITIALIZED = 94;
const admin = db.getSiblingDB("admin");
admin.auth("root", process.env.MONGO_INITDB_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.code !== NOT_YET_INITIALIZED) {
    throw error;
  }
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
