BEGIN TRANSACTION;
CREATE TABLE blinks (
	revision_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	start_s DOUBLE NOT NULL, 
	end_s DOUBLE NOT NULL, 
	complete BOOLEAN NOT NULL, 
	closure_left DOUBLE, 
	closure_right DOUBLE, 
	CONSTRAINT pk_blinks PRIMARY KEY (revision_id, number), 
	CONSTRAINT fk_blinks_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
)
 WITHOUT ROWID

;
CREATE TABLE changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	action TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	patient_id INTEGER, 
	"before" TEXT, 
	"after" TEXT
);
INSERT INTO "changes" VALUES(1,'2026-06-01T12:00:00.000000+00:00','eva','add','patient','anna',1,NULL,'{"created_at":"2026-06-01T12:00:00.000000+00:00","name":"anna","notes":""}');
INSERT INTO "changes" VALUES(2,'2026-06-01T12:00:00.000000+00:00','eva','log','recording','1',1,NULL,'{"file_name":"film1.mp4","revision":1}');
INSERT INTO "changes" VALUES(3,'2026-06-01T12:00:00.000000+00:00','eva','log','recording','2',1,NULL,'{"file_name":"film2.mp4","revision":1}');
INSERT INTO "changes" VALUES(4,'2026-06-01T12:00:00.000000+00:00','eva','log','recording','3',1,NULL,'{"file_name":"film3.mp4","revision":1}');
INSERT INTO "changes" VALUES(5,'2026-06-01T12:01:00.000000+00:00','eva','add','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(6,'2026-06-01T12:02:00.000000+00:00','eva','add','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(7,'2026-06-01T12:03:00.000000+00:00','eva','note','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(8,'2026-06-01T12:04:00.000000+00:00','eva','note','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(9,'2026-06-01T12:05:00.000000+00:00','eva','reject','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(10,'2026-06-01T12:06:00.000000+00:00','eva','note','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(11,'2026-06-01T12:07:00.000000+00:00','eva','undo','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(12,'2026-06-01T12:08:00.000000+00:00','eva','note','review','1',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(13,'2026-06-01T12:09:00.000000+00:00','eva','confirm','review','1',1,NULL,'{"rater":"kim","revision":1}');
INSERT INTO "changes" VALUES(14,'2026-06-01T12:10:00.000000+00:00','eva','reject','review','1',1,NULL,'{"rater":"kim","revision":1}');
INSERT INTO "changes" VALUES(15,'2026-06-01T12:11:00.000000+00:00','eva','note','review','1',1,NULL,'{"rater":"kim","revision":1}');
INSERT INTO "changes" VALUES(16,'2026-06-01T12:12:00.000000+00:00','eva','finish','review','1',1,NULL,'{"rater":"kim","revision":1}');
INSERT INTO "changes" VALUES(17,'2026-06-01T12:13:00.000000+00:00','eva','confirm','review','2',1,NULL,'{"rater":"eva","revision":1}');
INSERT INTO "changes" VALUES(18,'2026-06-01T12:14:00.000000+00:00','eva','confirm','review','2',1,NULL,'{"rater":"eva","revision":1}');
INSERT INTO "changes" VALUES(19,'2026-06-01T12:15:00.000000+00:00','eva','finish','review','2',1,NULL,'{"rater":"eva","revision":1}');
INSERT INTO "changes" VALUES(20,'2026-06-01T12:16:00.000000+00:00','eva','confirm','review','2',1,NULL,'{"rater":"ben","revision":1}');
INSERT INTO "changes" VALUES(21,'2026-06-01T12:17:00.000000+00:00','eva','note','review','2',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(22,'2026-06-01T12:18:00.000000+00:00','eva','undo','review','2',1,NULL,'{"rater":"kim (from scratch)","revision":1}');
INSERT INTO "changes" VALUES(23,'2026-06-01T12:19:00.000000+00:00','eva','confirm','review','3',1,NULL,'{"rater":"lee","revision":1}');
INSERT INTO "changes" VALUES(24,'2026-06-01T12:19:00.000000+00:00','eva','reject','review','3',1,NULL,'{"rater":"lee","revision":1}');
INSERT INTO "changes" VALUES(25,'2026-06-01T12:19:00.000000+00:00','eva','finish','review','3',1,NULL,'{"rater":"lee","revision":1}');
INSERT INTO "changes" VALUES(26,'2026-06-01T12:20:00.000000+00:00','eva','note','review','3',1,NULL,'{"rater":"lee","revision":1}');
CREATE TABLE diary (
	patient_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	stress DOUBLE, 
	fatigue DOUBLE, 
	sleep_hours DOUBLE, 
	caffeine_cups DOUBLE, 
	screen_hours DOUBLE, 
	hfs7_total DOUBLE, 
	medication TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	CONSTRAINT pk_diary PRIMARY KEY (patient_id, day), 
	CONSTRAINT fk_diary_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE TABLE episodes (
	revision_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	start_s DOUBLE NOT NULL, 
	end_s DOUBLE NOT NULL, 
	side TEXT NOT NULL, 
	regions TEXT NOT NULL, 
	lead_region TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	contractions INTEGER NOT NULL, 
	rate_hz DOUBLE, 
	peak_score DOUBLE, 
	mean_score DOUBLE, 
	excursion_mm DOUBLE, 
	asymmetry DOUBLE, 
	lag_s DOUBLE, 
	confidence DOUBLE, 
	reasons TEXT NOT NULL, 
	brow_lift BOOLEAN NOT NULL, 
	origin TEXT NOT NULL, 
	review TEXT NOT NULL, onset_cut BOOLEAN DEFAULT 0 NOT NULL, offset_cut BOOLEAN DEFAULT 0 NOT NULL, bilateral BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_episodes PRIMARY KEY (revision_id, number), 
	CONSTRAINT fk_episodes_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
)
 WITHOUT ROWID

;
INSERT INTO "episodes" VALUES(1,1,10.0,10.5,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
INSERT INTO "episodes" VALUES(1,2,20.0,22.0,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
INSERT INTO "episodes" VALUES(2,1,10.0,10.5,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
INSERT INTO "episodes" VALUES(2,2,20.0,22.0,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
INSERT INTO "episodes" VALUES(3,1,10.0,10.5,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
INSERT INTO "episodes" VALUES(3,2,20.0,22.0,'right','eyelid','eyelid','clonic',1,NULL,NULL,NULL,2.0,NULL,NULL,0.9,'["the lid moved; the other did not"]',0,'detected','unreviewed',0,0,0);
CREATE TABLE journal_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT journal_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "journal_version" VALUES('0002');
CREATE TABLE methods (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tracker TEXT NOT NULL, 
	tracker_weights_sha256 TEXT NOT NULL, 
	detector TEXT NOT NULL, 
	networks_sha256 TEXT NOT NULL, 
	parameters_sha256 TEXT NOT NULL, 
	software_version TEXT NOT NULL, 
	CONSTRAINT uq_methods_all UNIQUE (tracker, tracker_weights_sha256, detector, networks_sha256, parameters_sha256, software_version)
);
INSERT INTO "methods" VALUES(1,'attention-mesh','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','learned','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','0.3.0');
CREATE TABLE patients (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT uq_patients_name UNIQUE (name)
);
INSERT INTO "patients" VALUES(1,'anna','','2026-06-01T12:00:00.000000+00:00');
CREATE TABLE recordings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	patient_id INTEGER NOT NULL, 
	content_sha256 TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	started_epoch_s DOUBLE NOT NULL, 
	time_known TEXT NOT NULL, 
	task TEXT NOT NULL, 
	newest INTEGER NOT NULL, 
	device TEXT NOT NULL, 
	mirrored BOOLEAN NOT NULL, 
	file_name TEXT NOT NULL, 
	note TEXT NOT NULL, 
	logged_at TEXT NOT NULL, 
	CONSTRAINT uq_recordings_patient_id_content_sha256 UNIQUE (patient_id, content_sha256), 
	CONSTRAINT fk_recordings_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
INSERT INTO "recordings" VALUES(1,1,'0000000000000000000000000000000000000000000000000000000000000001','2026-05-23T12:00:00+00:00',1779537600.0,'told','other',1,'',0,'film1.mp4','','2026-06-01T12:00:00.000000+00:00');
INSERT INTO "recordings" VALUES(2,1,'0000000000000000000000000000000000000000000000000000000000000002','2026-05-24T12:00:00+00:00',1779624000.0,'told','other',1,'',0,'film2.mp4','','2026-06-01T12:00:00.000000+00:00');
INSERT INTO "recordings" VALUES(3,1,'0000000000000000000000000000000000000000000000000000000000000003','2026-05-25T12:00:00+00:00',1779710400.0,'told','other',1,'',0,'film3.mp4','','2026-06-01T12:00:00.000000+00:00');
CREATE TABLE review_marks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	revision_id INTEGER NOT NULL, 
	rater TEXT NOT NULL, 
	at TEXT NOT NULL, 
	finished BOOLEAN NOT NULL, 
	CONSTRAINT fk_review_marks_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
);
INSERT INTO "review_marks" VALUES(1,1,'kim','2026-06-01T12:12:00.000000+00:00',1);
INSERT INTO "review_marks" VALUES(2,2,'eva','2026-06-01T12:15:00.000000+00:00',1);
INSERT INTO "review_marks" VALUES(3,3,'lee','2026-06-01T12:19:00.000000+00:00',1);
CREATE TABLE reviews (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	revision_id INTEGER NOT NULL, 
	rater TEXT NOT NULL, 
	at TEXT NOT NULL, 
	action TEXT NOT NULL, 
	burst_key TEXT NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	text TEXT NOT NULL, 
	blind BOOLEAN NOT NULL, 
	undoes INTEGER, 
	CONSTRAINT fk_reviews_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id), 
	CONSTRAINT fk_reviews_undoes FOREIGN KEY(undoes) REFERENCES reviews (id)
);
INSERT INTO "reviews" VALUES(1,1,'kim (from scratch)','2026-06-01T12:01:00.000000+00:00','add','a1',NULL,'{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.6,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":10.1}','',1,NULL);
INSERT INTO "reviews" VALUES(2,1,'kim (from scratch)','2026-06-01T12:02:00.000000+00:00','add','a2',NULL,'{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":41.0,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":40.0}','',1,NULL);
INSERT INTO "reviews" VALUES(3,1,'kim (from scratch)','2026-06-01T12:03:00.000000+00:00','note','a1','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.6,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"human","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"confirmed","side":"right","start_s":10.1}',NULL,'finished',1,NULL);
INSERT INTO "reviews" VALUES(4,1,'kim (from scratch)','2026-06-01T12:04:00.000000+00:00','note','',NULL,NULL,'finished',1,NULL);
INSERT INTO "reviews" VALUES(5,1,'kim (from scratch)','2026-06-01T12:05:00.000000+00:00','reject','a2','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":41.0,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"human","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"confirmed","side":"right","start_s":40.0}',NULL,'',1,NULL);
INSERT INTO "reviews" VALUES(6,1,'kim (from scratch)','2026-06-01T12:06:00.000000+00:00','note','',NULL,NULL,'finished',1,NULL);
INSERT INTO "reviews" VALUES(7,1,'kim (from scratch)','2026-06-01T12:07:00.000000+00:00','undo','',NULL,NULL,'',1,6);
INSERT INTO "reviews" VALUES(8,1,'kim (from scratch)','2026-06-01T12:08:00.000000+00:00','note','',NULL,NULL,'finished',1,NULL);
INSERT INTO "reviews" VALUES(9,1,'kim','2026-06-01T12:09:00.000000+00:00','confirm','d1','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.5,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":10.0}',NULL,'',0,NULL);
INSERT INTO "reviews" VALUES(10,1,'kim','2026-06-01T12:10:00.000000+00:00','reject','d2','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":22.0,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":20.0}',NULL,'',0,NULL);
INSERT INTO "reviews" VALUES(11,1,'kim','2026-06-01T12:11:00.000000+00:00','note','',NULL,NULL,'finished',0,NULL);
INSERT INTO "reviews" VALUES(12,2,'eva','2026-06-01T12:13:00.000000+00:00','confirm','d1','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.5,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":10.0}',NULL,'',1,NULL);
INSERT INTO "reviews" VALUES(13,2,'eva','2026-06-01T12:14:00.000000+00:00','confirm','d2','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":22.0,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":20.0}',NULL,'',1,NULL);
INSERT INTO "reviews" VALUES(14,2,'ben','2026-06-01T12:16:00.000000+00:00','confirm','d1','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.5,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":10.0}',NULL,'',0,NULL);
INSERT INTO "reviews" VALUES(15,2,'kim (from scratch)','2026-06-01T12:17:00.000000+00:00','note','',NULL,NULL,'finished',1,NULL);
INSERT INTO "reviews" VALUES(16,2,'kim (from scratch)','2026-06-01T12:18:00.000000+00:00','undo','',NULL,NULL,'',1,15);
INSERT INTO "reviews" VALUES(17,3,'lee','2026-06-01T12:19:00.000000+00:00','confirm','d1','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":10.5,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":10.0}',NULL,'coded without seeing what was detected',1,NULL);
INSERT INTO "reviews" VALUES(18,3,'lee','2026-06-01T12:19:00.000000+00:00','reject','d2','{"asymmetry":null,"bilateral":false,"brow_lift":false,"confidence":0.9,"contractions":1,"end_s":22.0,"excursion_mm":2.0,"kind":"clonic","lag_s":null,"lead_region":"eyelid","mean_score":null,"offset_cut":false,"onset_cut":false,"origin":"detected","peak_score":null,"rate_hz":null,"reasons":"[\"the lid moved; the other did not\"]","regions":"eyelid","review":"unreviewed","side":"right","start_s":20.0}',NULL,'coded without seeing what was detected',1,NULL);
INSERT INTO "reviews" VALUES(19,3,'lee','2026-06-01T12:20:00.000000+00:00','note','',NULL,NULL,'a dim film',0,NULL);
CREATE TABLE revisions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	recording_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	method_id INTEGER NOT NULL, 
	recorded_s DOUBLE NOT NULL, 
	analysable_s DOUBLE NOT NULL, 
	blinks INTEGER NOT NULL, 
	rest_asymmetry DOUBLE, 
	digest TEXT NOT NULL, 
	signals_path TEXT NOT NULL, 
	signals_sha256 TEXT NOT NULL, 
	analysed_at TEXT NOT NULL, 
	logged_at TEXT NOT NULL, 
	excluded TEXT NOT NULL, 
	parameters TEXT NOT NULL, 
	summary TEXT NOT NULL, hardly_open TEXT, 
	CONSTRAINT uq_revisions_recording_id_number UNIQUE (recording_id, number), 
	CONSTRAINT uq_revisions_recording_id_digest UNIQUE (recording_id, digest), 
	CONSTRAINT fk_revisions_recording_id FOREIGN KEY(recording_id) REFERENCES recordings (id), 
	CONSTRAINT fk_revisions_method_id FOREIGN KEY(method_id) REFERENCES methods (id)
);
INSERT INTO "revisions" VALUES(1,1,1,1,600.0,590.0,0,NULL,'2e681c90b33786bee66dfbf693d15e646acbe74fc53e8c0f524d2ab7e1e8f060','','','2026-06-01T12:00:00.000000+00:00','2026-06-01T12:00:00.000000+00:00','[]','{}','{"schema_version":1}',NULL);
INSERT INTO "revisions" VALUES(2,2,1,1,600.0,590.0,0,NULL,'2e681c90b33786bee66dfbf693d15e646acbe74fc53e8c0f524d2ab7e1e8f060','','','2026-06-01T12:00:00.000000+00:00','2026-06-01T12:00:00.000000+00:00','[]','{}','{"schema_version":1}',NULL);
INSERT INTO "revisions" VALUES(3,3,1,1,600.0,590.0,0,NULL,'2e681c90b33786bee66dfbf693d15e646acbe74fc53e8c0f524d2ab7e1e8f060','','','2026-06-01T12:00:00.000000+00:00','2026-06-01T12:00:00.000000+00:00','[]','{}','{"schema_version":1}',NULL);
CREATE TABLE side_totals (
	revision_id INTEGER NOT NULL, 
	basis TEXT NOT NULL, 
	side TEXT NOT NULL, 
	bursts INTEGER NOT NULL, 
	eyelid INTEGER NOT NULL, 
	mouth_corner INTEGER NOT NULL, 
	cheek INTEGER NOT NULL, 
	brow INTEGER NOT NULL, 
	both_regions INTEGER NOT NULL, 
	brow_lifts INTEGER NOT NULL, 
	durations_s BLOB NOT NULL, 
	pauses_s BLOB NOT NULL, 
	excursions_mm BLOB NOT NULL, onset_cut BLOB DEFAULT '' NOT NULL, offset_cut BLOB DEFAULT '' NOT NULL, bilateral INTEGER DEFAULT 0 NOT NULL, hardly_open_s DOUBLE, 
	CONSTRAINT pk_side_totals PRIMARY KEY (revision_id, basis, side), 
	CONSTRAINT fk_side_totals_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
)
 WITHOUT ROWID

;
INSERT INTO "side_totals" VALUES(1,'detected','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(1,'detected','right',2,2,0,0,0,0,0,X'0000003F00000040',X'00001841',X'0000004000000040',X'0000',X'0000',0,NULL);
INSERT INTO "side_totals" VALUES(1,'reviewed','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(1,'reviewed','right',1,1,0,0,0,0,0,X'0000003F',X'',X'00000040',X'00',X'00',0,NULL);
INSERT INTO "side_totals" VALUES(2,'detected','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(2,'detected','right',2,2,0,0,0,0,0,X'0000003F00000040',X'00001841',X'0000004000000040',X'0000',X'0000',0,NULL);
INSERT INTO "side_totals" VALUES(2,'reviewed','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(2,'reviewed','right',2,2,0,0,0,0,0,X'0000003F00000040',X'00001841',X'0000004000000040',X'0000',X'0000',0,NULL);
INSERT INTO "side_totals" VALUES(3,'detected','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(3,'detected','right',2,2,0,0,0,0,0,X'0000003F00000040',X'00001841',X'0000004000000040',X'0000',X'0000',0,NULL);
INSERT INTO "side_totals" VALUES(3,'reviewed','left',0,0,0,0,0,0,0,X'',X'',X'',X'',X'',0,NULL);
INSERT INTO "side_totals" VALUES(3,'reviewed','right',1,1,0,0,0,0,0,X'0000003F',X'',X'00000040',X'00',X'00',0,NULL);
CREATE TABLE treatments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	patient_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	day TEXT NOT NULL, 
	side TEXT, 
	product TEXT NOT NULL, 
	units DOUBLE, 
	muscles TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	CONSTRAINT fk_treatments_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_changes_patient_id ON changes (patient_id);
CREATE INDEX ix_recordings_content_sha256 ON recordings (content_sha256);
CREATE INDEX ix_recordings_patient_id_started_epoch_s ON recordings (patient_id, started_epoch_s);
CREATE INDEX ix_treatments_patient_id_day ON treatments (patient_id, day);
CREATE INDEX ix_reviews_revision_id_rater ON reviews (revision_id, rater);
CREATE INDEX ix_review_marks_revision_id ON review_marks (revision_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('patients',1);
INSERT INTO "sqlite_sequence" VALUES('changes',26);
INSERT INTO "sqlite_sequence" VALUES('recordings',3);
INSERT INTO "sqlite_sequence" VALUES('methods',1);
INSERT INTO "sqlite_sequence" VALUES('revisions',3);
INSERT INTO "sqlite_sequence" VALUES('reviews',19);
INSERT INTO "sqlite_sequence" VALUES('review_marks',3);
COMMIT;
