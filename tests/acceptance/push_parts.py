"""What the tests of the push routes are made of: resources in moto, and a daemon as in Beanstalk."""

import base64
import gzip
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "aws"))

import servers  # noqa: E402,F401

TOKEN = "0123456789abcdef0123456789abcdef"


def record(event_id, **members):
    return {"eventVersion": "1.08", "eventTime": "2021-07-29T12:00:00Z", "eventID": event_id,
            "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
            "recipientAccountId": "111122223333", **members}


def log_file(records):
    return gzip.compress(json.dumps({"Records": records}).encode())


def key(number):
    return ("AWSLogs/111122223333/CloudTrail/eu-west-1/2021/07/29/"
            f"111122223333_CloudTrail_eu-west-1_20210729T1200Z_{number:016}.json.gz")


def announcement(bucket, keys):
    """As CloudTrail publishes it."""
    return json.dumps({"s3Bucket": bucket, "s3ObjectKey": keys})


def log_events(records):
    """What CloudWatch Logs hands on, before base64."""
    events = [{"id": str(number), "timestamp": 1627560000000, "message": json.dumps(one)}
              for number, one in enumerate(records)]
    return gzip.compress(json.dumps({
        "messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "trail",
        "logStream": "s", "subscriptionFilters": ["f"], "logEvents": events}).encode())


def text64(data):
    return base64.b64encode(data).decode()


class Resources:
    """A bucket, a topic that announces its files, and a queue that gets the announcements."""

    def __init__(self, moto, name):
        self.s3 = servers.client("s3", moto.url)
        self.sns = servers.client("sns", moto.url)
        self.sqs = servers.client("sqs", moto.url)
        self.bucket = name
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={
            "LocationConstraint": servers.REGION})
        self.topic = self.sns.create_topic(Name=name)["TopicArn"]
        self.queue = self.sqs.create_queue(
            QueueName=name, Attributes={"VisibilityTimeout": "300"})["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs",
                           Endpoint=arn["Attributes"]["QueueArn"])

    def put(self, number, records):
        self.s3.put_object(Bucket=self.bucket, Key=key(number), Body=log_file(records))

    def announce(self, numbers):
        message = announcement(self.bucket, [key(number) for number in numbers])
        self.sns.publish(TopicArn=self.topic, Message=message)

    def left(self):
        """Messages in the queue, hidden ones included."""
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["All"])
        return sum(int(attributes["Attributes"][name]) for name in (
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))


class Daemon:
    """Posts the messages of a queue as the daemon of a Beanstalk worker does: 200 deletes a
    message, anything else brings it back."""

    def __init__(self, resources, url, connections=20, on_failure=lambda body: None):
        self.resources = resources
        self.url = url
        self.connections = connections
        self.on_failure = on_failure
        self.statuses = []
        self.lock = threading.Lock()

    def run(self, deadline=600):
        """Until the queue is empty."""
        end = time.monotonic() + deadline
        with ThreadPoolExecutor(self.connections) as pool:
            while self.resources.left() > 0:
                assert time.monotonic() < end, f"not empty: {self.statuses[-20:]}"
                messages = self.resources.sqs.receive_message(
                    QueueUrl=self.resources.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                    AttributeNames=["ApproximateReceiveCount"]).get("Messages", [])
                for message in messages:
                    pool.submit(self.deliver, message)

    def deliver(self, message):
        try:
            answer = requests.post(self.url, data=message["Body"].encode(), timeout=60, headers={
                "User-Agent": "aws-sqsd/2.3", "Content-Type": "application/json",
                "X-Aws-Sqsd-Msgid": message["MessageId"], "X-Aws-Sqsd-Queue": "queue",
                "X-Aws-Sqsd-Receive-Count": message["Attributes"]["ApproximateReceiveCount"],
                "X-Forwarded-For": "127.0.0.1"})
            status, body = answer.status_code, answer.content
        except requests.RequestException:
            status, body = 0, b""
        with self.lock:
            self.statuses.append(status)
        handle = {"QueueUrl": self.resources.queue, "ReceiptHandle": message["ReceiptHandle"]}
        if status == 200:
            assert body == b""
            self.resources.sqs.delete_message(**handle)
        else:
            self.on_failure(message["Body"])
            self.resources.sqs.change_message_visibility(**handle, VisibilityTimeout=0)
