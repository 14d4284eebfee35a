"""A trail as CloudTrail has it: bucket, topic, queue, and the messages about each file."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import buckets
import servers


class Trail:
    """New at `url`; whatever is uploaded is announced by SNS, which feeds the queue."""

    def __init__(self, url, visibility=30):
        name = f"trail-{uuid.uuid4()}"
        self.bucket = name
        self.s3, self.sqs, self.sns = (servers.client(s, url) for s in ("s3", "sqs", "sns"))
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={
            "LocationConstraint": servers.REGION})
        self.topic = self.sns.create_topic(Name=name)["TopicArn"]
        self.queue = self.sqs.create_queue(
            QueueName=name, Attributes={"VisibilityTimeout": str(visibility)})["QueueUrl"]
        arn = self.sqs.get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def upload(self, files):
        """Files by key."""
        def put(key):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=files[key])
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put, files))

    def announce(self, *keys):
        """One message of CloudTrail about these keys."""
        self.sns.publish(TopicArn=self.topic, Message=json.dumps(
            {"s3Bucket": self.bucket, "s3ObjectKey": list(keys)}))

    def send(self, body):
        """A message that did not come by SNS."""
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=body)

    def waiting(self):
        """Messages in the queue, also those that somebody has in hand."""
        numbers = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=[
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"])["Attributes"]
        return sum(map(int, numbers.values()))


def files_of(count, events, day="2026/07/29"):
    """Log files by key, and the ids of all events in them."""
    files, ids = {}, []
    for number in range(count):
        mine = [f"{day}-{number}-{event}" for event in range(events)]
        ids += mine
        files[buckets.log_key(day, number)] = buckets.log_file(*mine)
    return files, sorted(ids)
